import { setTimeout as pause } from "node:timers/promises";
import type { Admin, Kafka } from "kafkajs";
import { describe, log } from "./log.ts";
import type { Settings } from "./settings.ts";

const askEveryMs = 1000;
const oldestMs = 5000;

/**
 * How far this instance is behind: end offsets from the broker, minus where it stands. Only this instance moves its
 * partitions on, so it knows that without asking the database, which may be away.
 */
export class Lag {
  readonly #admin: Admin;
  readonly #topic: string;
  #next = new Map<number, bigint>();
  #ends = new Map<number, { high: bigint; low: bigint }>();
  #askedAtMs = 0;

  constructor(kafka: Kafka, { tripsTopic }: Settings) {
    this.#admin = kafka.admin({ retry: { retries: 0 } });
    this.#topic = tripsTopic;
  }

  /** These partitions are this member's now; -1: nothing of it is done. */
  assign(partitions: number[]): void {
    this.#next = new Map(partitions.map((partition) => [partition, -1n]));
  }

  /** Where an earlier instance has stopped. What this one has done since then is newer. */
  resume(partition: number, next: bigint): void {
    if (this.#next.get(partition) === -1n) this.#next.set(partition, next);
  }

  advance(partition: number, next: bigint): void {
    if (this.#next.has(partition)) this.#next.set(partition, next);
  }

  current(): [partition: number, lag: bigint][] {
    if (Date.now() - this.#askedAtMs > oldestMs) return [];
    return [...this.#next].flatMap(([partition, next]) => {
      const end = this.#ends.get(partition);
      if (end === undefined) return [];
      const behind = end.high - (next < end.low ? end.low : next);
      // The end was asked for a second ago; this instance may be past it.
      return [[partition, behind < 0n ? 0n : behind] as [number, bigint]];
    });
  }

  /** Asks every second, until the signal. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const askedAtMs = Date.now();
        await this.#admin.connect();
        const offsets = await this.#admin.fetchTopicOffsets(this.#topic);
        this.#ends = new Map(
          offsets.map(({ partition, high, low }) => [
            partition,
            { high: BigInt(high), low: BigInt(low) },
          ]),
        );
        this.#askedAtMs = askedAtMs;
      } catch (error) {
        log("debug", "the broker did not tell its end offsets", { error: describe(error) });
      }
      await pause(askEveryMs, undefined, { signal }).catch(() => {});
    }
    await this.#admin.disconnect();
  }
}
