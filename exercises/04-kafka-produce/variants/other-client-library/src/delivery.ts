import { Producer, type Serializers, stringSerializer } from "@platformatic/kafka";
import { textOf } from "./log.ts";
import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Settings } from "./settings.ts";
import { within } from "./within.ts";

const connectWithinMs = 15_000;
const deliverWithinMs = 120_000;

const serializers: Partial<Serializers<string, Buffer, string, string>> = {
  key: stringSerializer,
  headerKey: stringSerializer,
  headerValue: stringSerializer,
};

/** The way to the broker, by @platformatic/kafka. */
export class Delivery implements AsyncDisposable {
  readonly #producer: Producer<string, Buffer, string, string>;

  private constructor(producer: Producer<string, Buffer, string, string>) {
    this.#producer = producer;
  }

  /** @throws {Error} that names the brokers when none is there */
  static async open({ brokers }: Settings): Promise<Delivery> {
    const producer = new Producer<string, Buffer, string, string>({
      clientId: "trip-producer",
      bootstrapBrokers: brokers.split(","),
      serializers,
      // With it come acks from all replicas, one request in flight and retries without an end. After an error that
      // comes through to us it would begin anew under another id, so the retries have to be its own.
      idempotent: true,
      retryDelay: 300,
    });
    try {
      const silence = `nobody answered within ${connectWithinMs / 1000} s`;
      await within(connectWithinMs, silence, producer.initIdempotentProducer({}));
    } catch (error) {
      throw new Error(`No broker could be reached at ${brokers}: ${textOf(error)}.`, {
        cause: error,
      });
    }
    return new Delivery(producer);
  }

  /** @throws {Error} when the broker refuses them, or has been away for two minutes */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const failure = `${records.length} records could not be delivered within ${deliverWithinMs / 1000} s.`;
    const messages = records.map(({ topic, key, value, headers, timestampMs }) => ({
      topic,
      value,
      headers,
      ...(key === null ? {} : { key }),
      ...(timestampMs === undefined ? {} : { timestamp: BigInt(timestampMs) }),
    }));
    await within(deliverWithinMs, failure, this.#producer.send({ messages }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer.close();
  }
}
