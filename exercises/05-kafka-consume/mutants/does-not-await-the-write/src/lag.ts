import { setTimeout as pause } from "node:timers/promises";
import type { Admin, Kafka } from "kafkajs";
import { describe, log } from "./log.ts";
import type { Settings } from "./settings.ts";

const askEveryMs = 1000;
const oldestMs = 5000;

/** How far this instance is behind: the broker's end offsets minus what it has done. */
export class Lag {
  readonly #admin: Admin;
  readonly #topic: string;
  #assigned: number[] = [];
  readonly #done = new Map<number, bigint>();
  #lags = new Map<number, bigint>();
  #askedAtMs = 0;

  constructor(kafka: Kafka, { tripsTopic }: Settings) {
    // Tried anew every second in any case.
    this.#admin = kafka.admin({ retry: { retries: 0 } });
    this.#topic = tripsTopic;
  }

  /** These partitions are this member's now. */
  assign(partitions: number[]): void {
    this.#assigned = partitions;
  }

  /** Everything before this offset is written or set aside. */
  done(partition: number, next: bigint): void {
    this.#done.set(partition, next);
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
    const ends = await this.#admin.fetchTopicOffsets(this.#topic);
    this.#lags = new Map(
      ends.map(({ partition, high, low }) => {
        const next = this.#done.get(partition) ?? BigInt(low);
        return [partition, BigInt(high) - next];
      }),
    );
    this.#askedAtMs = askedAtMs;
  }
}
