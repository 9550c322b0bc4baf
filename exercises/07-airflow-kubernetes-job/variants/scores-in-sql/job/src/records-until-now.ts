import { Consumer } from "@platformatic/kafka";
import type { Settings } from "./settings.ts";

export interface TopicRecord {
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
  readonly value: Buffer | undefined;
}

const latest = -1n;

/** The records from the day's first instant on, up to the end of each partition as it is now. */
export async function* recordsUntilNow({
  brokers,
  tripsTopic,
  intervalStart,
}: Settings): AsyncGenerator<TopicRecord> {
  const consumer = new Consumer({
    clientId: "score-job",
    bootstrapBrokers: brokers,
    groupId: `score-job-${process.pid}-${Date.now()}-${Math.random()}`,
  });
  try {
    const topics = [tripsTopic];
    const ends = (await consumer.listOffsets({ topics, timestamp: latest })).get(tripsTopic) ?? [];
    const first = await consumer.listOffsets({
      topics,
      timestamp: BigInt(intervalStart.getTime()),
    });
    const partitions = ends.map((end, partition) => {
      const offset = first.get(tripsTopic)?.[partition] ?? latest;
      // -1 where no record is that young.
      return { partition, end, offset: offset === latest ? end : offset };
    });
    const open = new Map(
      partitions
        .filter(({ offset, end }) => offset < end)
        .map(({ partition, end }) => [partition, end]),
    );
    if (open.size === 0) return;
    const stream = await consumer.consume({
      topics,
      mode: "manual",
      offsets: partitions.map(({ partition, offset }) => ({
        topic: tripsTopic,
        partition,
        offset,
      })),
      autocommit: false,
      maxWaitTime: 200,
    });
    for await (const { partition, offset, timestamp, value } of stream) {
      const end = open.get(partition);
      if (end === undefined) continue;
      if (offset < end) yield { partition, offset, timestamp, value };
      if (offset >= end - 1n) open.delete(partition);
      if (open.size === 0) break;
    }
  } finally {
    await consumer.close(true);
  }
}
