import type { KafkaService } from "@onramp/testbed/kafka/kafka-service";
import { tripPartitions, type TripRecord } from "@onramp/testbed/trips/trip-record";

/** The topic that the program reads, and how many records it was given. */
export class TripsTopic {
  readonly name: string;
  readonly #kafka: KafkaService;
  readonly #sent: bigint[] = Array.from({ length: tripPartitions }, () => 0n);

  constructor(name: string, kafka: KafkaService) {
    this.name = name;
    this.#kafka = kafka;
  }

  /** Writes records, in their order. */
  async produce(records: readonly TripRecord[]): Promise<void> {
    // A request has one batch for each partition, and the broker takes 1 MB in one.
    for (let start = 0; start < records.length; start += 1000)
      await this.#kafka.produce(this.name, records.slice(start, start + 1000));
    for (const { partition } of records) this.#sent[partition] = (this.#sent[partition] ?? 0n) + 1n;
  }

  /** Whether a group says, by its committed offsets, that it has done with all of it. */
  async isCommittedBy(group: string): Promise<boolean> {
    const committed = await this.#kafka.committedOffsets(group, this.name);
    return this.#sent.every((count, partition) => committed.get(partition) === count);
  }
}
