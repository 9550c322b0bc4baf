import type { Consumer, EachMessagePayload, Kafka, KafkaMessage } from "kafkajs";
import { outliveCrashes } from "./crashes.ts";
import { describe, log } from "./log.ts";
import type { Batch, Outcome } from "./settle-batch.ts";
import type { Settings } from "./settings.ts";

const heartbeatMs = 1000;
const writeEveryMs = 200;

export type Handlers = {
  /** Returns when each record is in the table or among the dead letters. */
  settle: (batch: Batch, signal: AbortSignal) => Promise<Outcome>;
  settled: (outcome: Outcome) => void;
  assigned: (partitions: number[]) => void;
  /** The client has ended for good. */
  failed: (error: Error) => void;
};

/** Reads the topic as a member of the group, message by message. */
export class TripConsumer {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #handlers: Handlers;
  /** Since the last write, by partition. */
  #collected = new Map<number, KafkaMessage[]>();
  /** The next offset to be done, by partition, where the group does not know it yet. */
  #uncommitted = new Map<number, string>();
  /** Aborted with the membership: what was collected under it is somebody's to read again. */
  #membership = new AbortController();
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
      maxWaitTimeInMs: 500,
    });
    this.#watch();
  }

  /** Returns when this is a member of the group. */
  async start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
    this.#timer = setInterval(() => void this.#flush(), writeEveryMs);
    await this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    // While this is a member still: the group takes no commits from others.
    await this.#flush();
    await this.#consumer.disconnect();
  }

  async #run(): Promise<void> {
    if (this.#isStopping) return;
    // Without auto-commit a handler that returns says only that the message is in memory.
    await this.#consumer.run({ autoCommit: false, eachMessage: (each) => this.#collect(each) });
  }

  async #collect({ partition, message }: EachMessagePayload): Promise<void> {
    if (this.#isStopping) return;
    const messages = this.#collected.get(partition) ?? [];
    this.#collected.set(partition, messages);
    messages.push(message);
  }

  /** Writes and commits what has been collected; one flush after the other. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing
      .then(() => this.#write())
      .catch((error: unknown) =>
        log("warn", "what was collected is read again", { error: describe(error) }),
      );
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const { signal } = this.#membership;
    const collected = this.#collected;
    this.#collected = new Map();
    for (const [partition, records] of collected) {
      const outcome = await this.#handlers.settle({ partition, records }, signal);
      signal.throwIfAborted();
      const last = records.at(-1);
      if (last !== undefined) this.#uncommitted.set(partition, String(BigInt(last.offset) + 1n));
      this.#handlers.settled(outcome);
    }
    if (this.#uncommitted.size === 0) return;
    const committing = this.#uncommitted;
    const offsets = [...committing].map(([partition, offset]) => ({
      topic: this.#topic,
      partition,
      offset,
    }));
    await this.#consumer.commitOffsets(offsets);
    // A commit that failed is made good by the next flush.
    if (this.#uncommitted === committing) this.#uncommitted = new Map();
  }

  #watch(): void {
    const { GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#forget();
      this.#handlers.assigned(payload.memberAssignment[this.#topic] ?? []);
    });
    outliveCrashes(this.#consumer, {
      crashed: () => {
        this.#forget();
        this.#handlers.assigned([]);
      },
      restart: () => this.#run(),
      failed: (error) => this.#handlers.failed(error),
    });
  }

  /** After a rebalance every partition goes on at its committed offset, here or elsewhere. */
  #forget(): void {
    this.#membership.abort();
    this.#membership = new AbortController();
    this.#collected = new Map();
    this.#uncommitted = new Map();
  }
}
