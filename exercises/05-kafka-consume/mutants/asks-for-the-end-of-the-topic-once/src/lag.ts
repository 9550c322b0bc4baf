import { setTimeout as pause } from "node:timers/promises";
import type { Admin, Kafka } from "kafkajs";
import { describe, log } from "./log.ts";
import type { Settings } from "./settings.ts";

const askEveryMs = 1000;
const oldestMs = 5000;

/**
 * How far the group is behind, as the broker tells it: end offset minus committed offset. The consumer's own numbers
 * would stand still whenever it does, which is when somebody looks.
 */
export class Lag {
  readonly #admin: Admin;
  readonly #topic: string;
  readonly #group: string;
  #assigned: number[] = [];
  #lags = new Map<number, bigint>();
  #ends: Awaited<ReturnType<Admin["fetchTopicOffsets"]>> | undefined;
  #askedAtMs = 0;

  constructor(kafka: Kafka, { tripsTopic, group }: Settings) {
    // Tried anew every second in any case.
    this.#admin = kafka.admin({ retry: { retries: 0 } });
    this.#topic = tripsTopic;
    this.#group = group;
  }

  /** These partitions are this member's now. */
  assign(partitions: number[]): void {
    this.#assigned = partitions;
  }

  /** For each assigned partition; empty when the broker has not answered for a while, because an old number lies. */
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
    await this.#admin.disconnect();
  }

  async #ask(): Promise<void> {
    const askedAtMs = Date.now();
    await this.#admin.connect();
    this.#ends ??= await this.#admin.fetchTopicOffsets(this.#topic);
    const ends = this.#ends;
    const [committed] = await this.#admin.fetchOffsets({
      groupId: this.#group,
      topics: [this.#topic],
    });
    const committedOffsets = new Map(
      committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]),
    );
    this.#lags = new Map(
      ends.map(({ partition, high, low }) => {
        // -1: the group has committed nothing here, so the first record that is there is the next to be done.
        const next = committedOffsets.get(partition) ?? -1n;
        return [partition, BigInt(high) - (next < 0n ? BigInt(low) : next)];
      }),
    );
    this.#askedAtMs = askedAtMs;
  }
}
