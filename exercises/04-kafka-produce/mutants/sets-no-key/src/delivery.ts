import { Kafka, type Message, type Producer } from "kafkajs";
import { log, textOf } from "./log.ts";
import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Settings } from "./settings.ts";
import { within } from "./within.ts";

/** A broker that was never there is more likely a wrong address than a restart: it is told of while somebody looks. */
const connectWithinMs = 15_000;
/** A broker that was there comes back. A restart takes up to 30 s; after this long somebody should know. */
const deliverWithinMs = 120_000;

/**
 * Never tired, and never asleep for more than a second: a broker that is back is used at once. How long is long
 * enough is not decided here, in a number of retries, but by the two times above.
 */
const retry = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 100, maxRetryTime: 1000 };

/** The way to the broker. A batch is sent until the broker has it, and it has it once. */
export class Delivery implements AsyncDisposable {
  readonly #producer: Producer;

  private constructor(producer: Producer) {
    this.#producer = producer;
  }

  /** @throws {Error} that names the brokers when none is there */
  static async open({ brokers }: Settings): Promise<Delivery> {
    const kafka = new Kafka({
      clientId: "trip-producer",
      brokers: brokers.split(",").map((broker) => broker.trim()),
      // Also the client's own: with its default, a send gives up when the broker is away for more than nine seconds.
      retry,
      requestTimeout: 10_000,
      logCreator:
        () =>
        ({ namespace, label, log: { message, error } }) =>
          log(message, { level: label.toLowerCase(), from: namespace, error: error as unknown }),
    });
    const producer = kafka.producer({
      // The broker knows a batch by the producer's id and its sequence number, and drops one that it has already.
      // This includes acks -1: all replicas that are in sync have a batch before it counts as there.
      idempotent: true,
      retry,
      // Spread evenly, and a batch that is sent again the same way.
      createPartitioner:
        () =>
        ({ message, partitionMetadata }) =>
          Number(message.timestamp ?? 0) % partitionMetadata.length,
      allowAutoTopicCreation: false,
    });
    try {
      const silence = `nobody answered within ${connectWithinMs / 1000} s`;
      await within(connectWithinMs, silence, producer.connect());
    } catch (error) {
      // Some errors of the client name no address, and others one that it made of a name.
      throw new Error(`No broker could be reached at ${brokers}: ${textOf(error)}.`, {
        cause: error,
      });
    }
    return new Delivery(producer);
  }

  /**
   * Sends records in one request, again and again until the broker has them. One call at a time: the order holds
   * because nothing overtakes a batch that is sent again.
   * @throws {Error} when the broker refuses them, or has been away for two minutes
   */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const failure = `${records.length} records could not be delivered within ${deliverWithinMs / 1000} s.`;
    const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(
      ([topic, ofTopic]) => ({ topic, messages: ofTopic.map(messageOf) }),
    );
    await within(deliverWithinMs, failure, this.#producer.sendBatch({ acks: -1, topicMessages }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer.disconnect();
  }
}

function messageOf({ key, value, headers, timestampMs }: OutgoingRecord): Message {
  return {
    key,
    value,
    headers,
    ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
  };
}
