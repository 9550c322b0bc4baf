import { setTimeout as pause } from "node:timers/promises";
import { Consumer, type Message, type MessagesStream } from "@platformatic/kafka";
import { describe, log } from "./log.ts";
import type { Batch, Outcome } from "./settle-batch.ts";
import type { Settings } from "./settings.ts";

const mostInABatch = 2000;
const pauseMs = 500;

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

export type Handlers = {
  /** Returns when each record is in the table or among the dead letters. */
  settle: (batch: Batch, signal: AbortSignal) => Promise<Outcome>;
  settled: (outcome: Outcome) => void;
  assigned: (partitions: number[]) => void;
};

/** Reads the topic as a member of the group. */
export class TripConsumer {
  readonly #settings: Settings;
  readonly #handlers: Handlers;
  #stream?: Stream;
  #isStopping = false;

  constructor(settings: Settings, handlers: Handlers) {
    this.#settings = settings;
    this.#handlers = handlers;
  }

  /**
   * Reads until it is stopped. A stream ends with an error after whatever goes wrong, a broker that restarts as well
   * as a commit that comes too late; a new member then goes on at the committed offsets.
   */
  async run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#read();
      } catch (error) {
        log("warn", "the consumer starts again", { error: describe(error) });
        if (!this.#isStopping) await pause(pauseMs);
      }
      this.#handlers.assigned([]);
    }
  }

  /** Lets the batch in hand be finished; `run` then returns. */
  stop(): void {
    this.#isStopping = true;
    // Ends a stream that has nothing to tell.
    this.#stream?.close().catch(() => {});
  }

  async #read(): Promise<void> {
    const { brokers, group, sessionTimeoutMs, tripsTopic } = this.#settings;
    const consumer = new Consumer({
      clientId: "trip-consumer",
      bootstrapBrokers: brokers,
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      // The client sends heartbeats by itself, also while a batch waits for the database.
      heartbeatInterval: Math.min(1000, sessionTimeoutMs / 3),
      rebalanceTimeout: Math.max(30_000, sessionTimeoutMs),
      retries: 5,
      retryDelay: 500,
    });
    consumer.on("consumer:group:join", () => this.#handlers.assigned(this.#assigned(consumer)));
    try {
      this.#stream = await consumer.consume({
        topics: [tripsTopic],
        mode: "committed",
        fallbackMode: "earliest",
        autocommit: false,
        maxBytes: 1_000_000,
        maxWaitTime: 500,
      });
      this.#handlers.assigned(this.#assigned(consumer));
      await this.#consume(this.#stream, consumer);
    } finally {
      this.#stream = undefined;
      // Leaves the group, so that the others need not wait for the session to end.
      await consumer.close(true);
    }
  }

  async #consume(stream: Stream, consumer: Consumer): Promise<void> {
    // By partition, the first offset that was left to another member.
    const left = new Map<number, bigint>();
    for await (const first of stream) {
      if (this.#isStopping) return;
      // With the first one come those that lie ready.
      const messages = [first];
      while (messages.length < mostInABatch) {
        const next: unknown = stream.read();
        if (next === null) break;
        messages.push(next as Message);
      }
      for (const [partition, records] of Map.groupBy(messages, (message) => message.partition)) {
        const { offset } = records[0];
        const leftAt = left.get(partition) ?? offset;
        // What came before a rebalance may belong to another member now, which reads it for itself.
        if (!this.#assigned(consumer).includes(partition)) {
          left.set(partition, leftAt);
          continue;
        }
        // The client goes on where it had got to, not where the group has, when a partition comes back quickly.
        if (offset > leftAt)
          throw new Error(
            `partition ${partition} is back, and has come from ${leftAt} to ${offset}`,
          );
        left.delete(partition);
        const outcome = await this.#handlers.settle(
          { partition, records },
          new AbortController().signal,
        );
        await records.at(-1)?.commit();
        this.#handlers.settled(outcome);
      }
    }
  }

  #assigned(consumer: Consumer): number[] {
    const { tripsTopic } = this.#settings;
    return consumer.assignments?.find(({ topic }) => topic === tripsTopic)?.partitions ?? [];
  }
}
