import { randomUUID } from "node:crypto";
import type { Kafka, KafkaMessage } from "kafkajs";

/**
 * Reads a topic from its beginning up to the end that stands when it begins. What comes later is another run's.
 * @returns how many records that were
 */
export async function readToEnd(
  kafka: Kafka,
  topic: string,
  onRecord: (record: KafkaMessage) => void,
): Promise<number> {
  const ends = await endsOf(kafka, topic);
  let records = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nothing is committed and nothing shared: each run reads the whole topic, also beside another one.
  const consumer = kafka.consumer({ groupId: `score-job-${randomUUID()}` });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async (payload) => {
        const { batch } = payload;
        const end = ends.get(batch.partition);
        if (end === undefined) return;
        for (const record of batch.messages) {
          if (BigInt(record.offset) >= end) break;
          onRecord(record);
          records += 1;
        }
        if (BigInt(batch.lastOffset()) < end - 1n) return;
        ends.delete(batch.partition);
        payload.pause();
        if (ends.size === 0) resolve();
      },
    });
    await promise;
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** The offset behind the last record of each partition that has one. */
async function endsOf(kafka: Kafka, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const partitions = await admin.fetchTopicOffsets(topic);
    return new Map(
      partitions
        .filter(({ low, high }) => BigInt(high) > BigInt(low))
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
  } finally {
    await admin.disconnect();
  }
}
