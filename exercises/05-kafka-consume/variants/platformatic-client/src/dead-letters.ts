import {
  type MessageToProduce,
  Producer,
  ProduceAcks,
  stringSerializer,
} from "@platformatic/kafka";
import type { Rejected } from "./record.ts";
import type { Settings } from "./settings.ts";

// The broker takes 1 MB at once by default.
const bytesAtOnce = 500_000;

type Letter = MessageToProduce<Buffer, Buffer, string, string>;

/** The topic for what cannot be written, each record as it came and with the reason. */
export class DeadLetters {
  readonly #producer: Producer<Buffer, Buffer, string, string>;
  readonly #topic: string;

  constructor({ brokers, deadLetterTopic }: Settings) {
    this.#topic = deadLetterTopic;
    this.#producer = new Producer({
      clientId: "trip-consumer",
      bootstrapBrokers: brokers,
      acks: ProduceAcks.ALL,
      retries: 30,
      retryDelay: 500,
      serializers: { headerKey: stringSerializer, headerValue: stringSerializer },
    });
  }

  async close(): Promise<void> {
    await this.#producer.close(true);
  }

  /** Returns when the broker has all of them. */
  async send(partition: number, rejected: Rejected[]): Promise<void> {
    let messages: Letter[] = [];
    let bytes = 0;
    for (const each of rejected) {
      const size = (each.record.value?.length ?? 0) + (each.record.key?.length ?? 0);
      if (messages.length > 0 && bytes + size > bytesAtOnce) {
        await this.#producer.send({ messages });
        messages = [];
        bytes = 0;
      }
      messages.push(this.#letter(partition, each));
      bytes += size;
    }
    if (messages.length > 0) await this.#producer.send({ messages });
  }

  #letter(partition: number, { record, reason }: Rejected): Letter {
    return {
      topic: this.#topic,
      key: record.key,
      value: record.value,
      headers: {
        reason,
        "source-partition": String(partition),
        "source-offset": record.offset.toString(),
      },
    };
  }
}
