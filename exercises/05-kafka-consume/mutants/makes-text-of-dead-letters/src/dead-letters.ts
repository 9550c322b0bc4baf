import { type Kafka, type Message, Partitioners, type Producer } from "kafkajs";
import type { Rejected } from "./record.ts";

// The broker takes 1 MB at once by default. A batch of nothing but broken records is about that long before it gets
// its headers.
const bytesAtOnce = 500_000;

/** The topic for what cannot be written, each record as it came and with the reason. */
export class DeadLetters {
  readonly #producer: Producer;
  readonly #topic: string;

  constructor(kafka: Kafka, topic: string) {
    this.#topic = topic;
    this.#producer = kafka.producer({
      // Sent again after a lost answer, a letter still stands there once.
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect();
  }

  /** Returns when the broker has all of them. */
  async send(partition: number, rejected: Rejected[]): Promise<void> {
    let messages: Message[] = [];
    let bytes = 0;
    for (const each of rejected) {
      const size = (each.record.value?.length ?? 0) + (each.record.key?.length ?? 0);
      if (messages.length > 0 && bytes + size > bytesAtOnce) {
        await this.#producer.send({ topic: this.#topic, messages });
        messages = [];
        bytes = 0;
      }
      messages.push(deadLetter(partition, each));
      bytes += size;
    }
    if (messages.length > 0) await this.#producer.send({ topic: this.#topic, messages });
  }
}

function deadLetter(partition: number, { record, reason }: Rejected): Message {
  return {
    key: record.key,
    value: record.value?.toString("utf8") ?? "",
    headers: {
      ...record.headers,
      reason,
      "source-partition": String(partition),
      "source-offset": record.offset,
    },
  };
}
