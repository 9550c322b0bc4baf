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
    // -1 where no record is that young.
    const starts = ends.map((end, partition) => {
      const offset = first.get(tripsTopic)?.[partition] ?? latest;
      return offset === latest ? end : offset;
    });
    const open = new Set(ends.keys().filter((partition) => starts[partition]! < ends[partition]!));
    if (open.size === 0) return;
    const stream = await consumer.consume({
      topics,
      mode: "manual",
      offsets: starts.map((offset, partition) => ({ topic: tripsTopic, partition, offset })),
      autocommit: false,
      maxWaitTime: 200,
    });
    for await (const { partition, offset, timestamp, value } of stream) {
      const end = ends[partition]!;
      if (offset < end) yield { partition, offset, timestamp, value };
      if (offset >= end - 1n) open.delete(partition);
      if (open.size === 0) break;
    }
  } finally {
    await consumer.close(true);
  }
}
