import { randomUUID } from "node:crypto";
import { once, EventEmitter } from "node:events";
import { fail } from "@onramp/grading/check-failure";
import type { Consumer, IHeaders, Kafka, Producer } from "kafkajs";

/** A record as it stands in a topic. */
export interface TopicRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** By name; of a header that is there several times, the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export interface ReaderOptions {
  /** Given each record as it comes, instead of keeping them: for a topic that is too large for that. */
  readonly onRecord?: (record: TopicRecord) => void;
  /** Sees records of a transaction before its end, and those of one that is aborted. */
  readonly readUncommitted?: boolean;
}

/** Another one in each process: what a submission writes is never taken for a marker. */
const markerHeader = `onramp-marker-${randomUUID()}`;

/**
 * Reads a topic from its beginning, as records come. Unless told otherwise it sees what a consumer of the
 * team would see: what is committed.
 */
export class TopicReader implements AsyncDisposable {
  /** Everything read so far, in the order of its arrival: that of the offsets within a partition. */
  readonly records: TopicRecord[] = [];
  readonly #topic: string;
  readonly #partitions: number;
  readonly #consumer: Consumer;
  readonly #producer: Producer;
  readonly #onRecord: (record: TopicRecord) => void;
  readonly #changes = new EventEmitter();
  /** The last offset read, by partition. */
  readonly #read = new Map<number, bigint>();
  readonly #marked = new Map<string, Set<number>>();
  #crash: Error | undefined;

  constructor(
    topic: string,
    partitions: number,
    consumer: Consumer,
    producer: Producer,
    { onRecord = (record) => void this.records.push(record) }: ReaderOptions,
  ) {
    this.#onRecord = onRecord;
    this.#topic = topic;
    this.#partitions = partitions;
    this.#consumer = consumer;
    this.#producer = producer;
  }

  async start(): Promise<void> {
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (restart) return;
      this.#crash = error;
      this.#changes.emit("change");
    });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch: { partition, messages } }) => {
        for (const { offset, key, value, headers, timestamp } of messages) {
          // After a restart of the broker a reader begins anew.
          if (BigInt(offset) <= (this.#read.get(partition) ?? -1n)) continue;
          this.#read.set(partition, BigInt(offset));
          const named = textOf(headers);
          const marker = named[markerHeader];
          if (marker !== undefined) this.#marked.get(marker)?.add(partition);
          else
            this.#onRecord({
              partition,
              offset: BigInt(offset),
              key,
              value,
              headers: named,
              timestamp: Number(timestamp),
            });
        }
        this.#changes.emit("change");
      },
    });
  }

  /**
   * Reads on until everything is there that stands in the topic now. Offsets would not tell: a transaction takes some
   * of its own. So a marker is written behind the last record of each partition, and read.
   * @throws {CheckFailure} when records are compressed in a way that consumers here do not know
   */
  async readToEnd(signal: AbortSignal): Promise<readonly TopicRecord[]> {
    const marker = randomUUID();
    const seen = new Set<number>();
    this.#marked.set(marker, seen);
    const messages = Array.from({ length: this.#partitions }, (_, partition) => ({
      partition,
      value: null,
      headers: { [markerHeader]: marker },
    }));
    await this.#producer.send({ topic: this.#topic, messages });
    while (seen.size < this.#partitions) {
      if (this.#crash?.name === "KafkaJSNotImplemented")
        fail(`The records in ${this.#topic} cannot be read: ${this.#crash.message}.`, {
          expected: "records without compression, or compressed by gzip or zstd",
          actual: this.#crash.message,
        });
      if (this.#crash !== undefined) throw this.#crash;
      await once(this.#changes, "change", { signal });
    }
    return this.records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer.disconnect();
  }
}

/** Opens a reader of a topic. */
export async function openReader(
  kafka: Kafka,
  producer: Producer,
  topic: string,
  partitions: number,
  options: ReaderOptions,
): Promise<TopicReader> {
  const consumer = kafka.consumer({
    groupId: `onramp-reader-${randomUUID()}`,
    // A reader that is closed waits for its last question to be answered.
    maxWaitTimeInMs: 100,
    // The least that a broker takes: so long it waits for a reader that it has lost.
    sessionTimeout: 6000,
    heartbeatInterval: 1000,
    readUncommitted: options.readUncommitted,
  });
  const reader = new TopicReader(topic, partitions, consumer, producer, options);
  await reader.start();
  return reader;
}

function textOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      String(Array.isArray(value) ? value.at(-1) : value),
    ]),
  );
}
