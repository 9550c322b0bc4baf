import type { Consumer, Kafka, KafkaMessage } from "kafkajs";
import { outliveCrashes } from "./crashes.ts";
import type { Batch, Outcome } from "./settle-batch.ts";
import type { Settings } from "./settings.ts";

// A member hears of a rebalance by the answer to a heartbeat, so this is also how soon others get their share.
const heartbeatMs = 1000;

export type Handlers = {
  /** Returns when each record is in the table or among the dead letters. */
  settle: (batch: Batch, signal: AbortSignal) => Promise<Outcome>;
  settled: (outcome: Outcome) => void;
  done: (partition: number, next: bigint) => void;
  assigned: (partitions: number[]) => void;
  /** The client has ended for good. */
  failed: (error: Error) => void;
};

/** Reads the topic as a member of the group. */
export class TripConsumer {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #handlers: Handlers;
  #collected: { partition: number; message: KafkaMessage }[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
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
    clearInterval(this.#timer);
    await this.#consumer.stop();
    await this.#flush();
    await this.#consumer.disconnect();
  }

  async #run(): Promise<void> {
    if (this.#isStopping) return;
    await this.#consumer.run({
      autoCommitInterval: 100,
      eachMessage: async ({ partition, message }) => {
        this.#collected.push({ partition, message });
        // However much is waiting, memory holds a few thousand at most.
        if (this.#collected.length >= 5000) await this.#flush();
      },
    });
    this.#timer ??= setInterval(() => void this.#flush(), 1000);
  }

  /** Writes what has been collected, one partition after the other. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const collected = this.#collected;
    this.#collected = [];
    for (const [partition, entries] of Map.groupBy(collected, (entry) => entry.partition)) {
      const records = entries.map(({ message }) => message);
      // A few at a time, so that no statement takes long.
      for (let start = 0; start < records.length; start += 10) {
        const few = records.slice(start, start + 10);
        const batch = { partition, records: few };
        this.#handlers.settled(await this.#handlers.settle(batch, new AbortController().signal));
        const last = few.at(-1);
        if (last !== undefined) this.#handlers.done(partition, BigInt(last.offset) + 1n);
      }
    }
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
