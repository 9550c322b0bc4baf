import { setTimeout as pause } from "node:timers/promises";
import { Consumer } from "@platformatic/kafka";
import { describe, log } from "./log.ts";
import type { Settings } from "./settings.ts";

const askEveryMs = 1000;
const oldestMs = 5000;

/** How far the group is behind, as the broker tells it: end offset minus committed offset. */
export class Lag {
  /** Asks for the group's offsets and is no member of it. */
  readonly #observer: Consumer;
  readonly #topic: string;
  #assigned: number[] = [];
  #lags = new Map<number, bigint>();
  #askedAtMs = 0;

  constructor({ brokers, group, tripsTopic }: Settings) {
    this.#topic = tripsTopic;
    this.#observer = new Consumer({
      clientId: "trip-consumer-lag",
      bootstrapBrokers: brokers,
      groupId: group,
      retries: 0,
    });
  }

  /** These partitions are this member's now. */
  assign(partitions: number[]): void {
    this.#assigned = partitions;
  }

  /** For each assigned partition; empty when the broker has not answered for a while. */
  current(): [partition: number, lag: bigint][] {
    if (Date.now() - this.#askedAtMs > oldestMs) return [];
    return this.#assigned.flatMap((partition) => {
      const lag = this.#lags.get(partition);
      return lag === undefined ? [] : [[partition, lag] as [number, bigint]];
    });
  }

  /** Asks every second, until the signal. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#ask();
      } catch (error) {
        log("debug", "the broker did not tell the lag", { error: describe(error) });
      }
      await pause(askEveryMs, undefined, { signal }).catch(() => {});
    }
    await this.#observer.close(true);
  }

  async #ask(): Promise<void> {
    const askedAtMs = Date.now();
    const topics = [this.#topic];
    const ends = (await this.#observer.listOffsets({ topics })).get(this.#topic) ?? [];
    const begins = await this.#observer.listOffsets({ topics, timestamp: -2n });
    const committed = await this.#observer.listCommittedOffsets({
      topics: [{ topic: this.#topic, partitions: [...ends.keys()] }],
    });
    this.#lags = new Map(
      ends.map((end, partition) => {
        // -1: the group has committed nothing here, so the first record that is there is the next to be done.
        const next = committed.get(this.#topic)?.[partition] ?? -1n;
        const first = begins.get(this.#topic)?.[partition] ?? 0n;
        return [partition, end - (next < 0n ? first : next)];
      }),
    );
    this.#askedAtMs = askedAtMs;
  }
}
