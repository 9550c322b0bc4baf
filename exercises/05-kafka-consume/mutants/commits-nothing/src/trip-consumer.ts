import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { outliveCrashes } from "./crashes.ts";
import { keepHeartbeating } from "./heartbeats.ts";
import type { Batch, Outcome } from "./settle-batch.ts";
import type { Settings } from "./settings.ts";

// A member hears of a rebalance by the answer to a heartbeat, so this is also how soon others get their share.
const heartbeatMs = 1000;

export type Handlers = {
  /** Returns when each record is in the table or among the dead letters. */
  settle: (batch: Batch, signal: AbortSignal) => Promise<Outcome>;
  settled: (outcome: Outcome) => void;
  assigned: (partitions: number[]) => void;
  /** The client has ended for good. */
  failed: (error: Error) => void;
};

/** Reads the topic as a member of the group. */
export class TripConsumer {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #handlers: Handlers;
  #isStopping = false;

  constructor(kafka: Kafka, settings: Settings, handlers: Handlers) {
    this.#topic = settings.tripsTopic;
    this.#handlers = handlers;
    this.#consumer = kafka.consumer({
      groupId: settings.group,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: Math.min(heartbeatMs, settings.sessionTimeoutMs / 3),
      // One fetch is in hand at a time, so these bound the memory, however much is waiting.
      maxBytesPerPartition: 1_000_000,
      maxBytes: 5_000_000,
      // Leaving the group waits for the fetch under way, which waits this long when there is nothing new.
      maxWaitTimeInMs: 500,
    });
    this.#watch();
  }

  /** Returns when this is a member of the group. */
  async start(): Promise<void> {
    await this.#consumer.connect();
    // A group that has committed nothing yet starts with what is there.
    await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
    await this.#run();
  }

  /** Finishes the batch in hand and leaves the group, so that the others need not wait for its session to end. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#consumer.disconnect();
  }

  async #run(): Promise<void> {
    if (this.#isStopping) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { partition, messages } = batch;
    if (!payload.isRunning() || payload.isStale()) return;

    using heartbeats = keepHeartbeating(() => payload.heartbeat(), heartbeatMs);
    const records = { partition, records: messages };
    const outcome = await this.#handlers.settle(records, heartbeats.signal);

    payload.resolveOffset(batch.lastOffset());
    this.#handlers.settled(outcome);
  }

  #watch(): void {
    const { GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) =>
      this.#handlers.assigned(payload.memberAssignment[this.#topic] ?? []),
    );
    outliveCrashes(this.#consumer, {
      crashed: () => this.#handlers.assigned([]),
      restart: () => this.#run(),
      failed: (error) => this.#handlers.failed(error),
    });
  }
}
