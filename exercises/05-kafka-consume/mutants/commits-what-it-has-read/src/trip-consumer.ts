import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { outliveCrashes } from "./crashes.ts";
import { keepHeartbeating } from "./heartbeats.ts";
import type { Batch, Outcome } from "./settle-batch.ts";
import type { Settings } from "./settings.ts";

// A member hears of a rebalance by the answer to a heartbeat, so this is also how soon others get their share.
const heartbeatMs = 1000;
const commitEveryMs = 5000;
/** So many records may wait to be written. */
const mostWaiting = 4000;

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
  /** The next offset to be read, by partition. */
  #read = new Map<number, string>();
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;

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
    setInterval(() => void this.#commit(), commitEveryMs).unref();
    await this.#run();
  }

  /** Finishes the batch in hand and leaves the group, so that the others need not wait for its session to end. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#writing;
    await this.#commit();
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
    const { partition, messages } = payload.batch;
    if (!payload.isRunning() || payload.isStale()) return;

    using heartbeats = keepHeartbeating(() => payload.heartbeat(), heartbeatMs);
    if (this.#waiting > mostWaiting) await this.#writing;
    heartbeats.signal.throwIfAborted();
    this.#waiting += messages.length;
    this.#writing = this.#writing.then(() => this.#write({ partition, records: messages }));
    const last = payload.batch.lastOffset();
    this.#read.set(partition, String(BigInt(last) + 1n));
    payload.resolveOffset(last);
  }

  async #write(batch: Batch): Promise<void> {
    const outcome = await this.#handlers.settle(batch, new AbortController().signal);
    this.#waiting -= batch.records.length;
    this.#handlers.settled(outcome);
  }

  async #commit(): Promise<void> {
    const offsets = [...this.#read].map(([partition, offset]) => ({
      topic: this.#topic,
      partition,
      offset,
    }));
    this.#read = new Map();
    // One that fails is made good by the next.
    if (offsets.length > 0) await this.#consumer.commitOffsets(offsets).catch(() => {});
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
