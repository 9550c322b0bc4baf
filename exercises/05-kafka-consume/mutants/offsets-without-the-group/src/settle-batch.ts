import type { KafkaMessage } from "kafkajs";
import type { Pool, PoolClient } from "pg";
import { isRefusal, untilTheDatabaseAnswers } from "./database.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { OffsetTable } from "./offset-table.ts";
import { type Accepted, judge, type Rejected } from "./record.ts";
import { transaction } from "./transaction.ts";
import { writeTrips } from "./trip-table.ts";

export type Batch = { partition: number; records: KafkaMessage[]; next: bigint };
export type Outcome = { processed: number; rejected: number; next: bigint };
export type Targets = { database: Pool; deadLetters: DeadLetters; offsets: OffsetTable };

/**
 * Writes the rows and the offset in one transaction: either both are there or neither is. Of a batch that was done
 * before, by this instance or another, nothing is done again; `next` then tells where to go on.
 */
export function settleBatch(
  batch: Batch,
  { database, deadLetters, offsets }: Targets,
  signal: AbortSignal,
): Promise<Outcome> {
  return untilTheDatabaseAnswers(
    () =>
      transaction(database, async (client) => {
        const first = BigInt(batch.records[0]?.offset ?? batch.next);
        const next = await offsets.lock(client, batch.partition, first);
        if (next > first) return { processed: 0, rejected: 0, next };

        const accepted: Accepted[] = [];
        const rejected: Rejected[] = [];
        for (const record of batch.records) {
          const judgement = judge(record);
          if ("trip" in judgement) accepted.push(judgement);
          else rejected.push(judgement);
        }
        rejected.push(...(await write(client, accepted)));
        // Before the transaction ends: after a crash in between, the letters are there twice, and never lost.
        await deadLetters.send(batch.partition, rejected);
        await offsets.advance(client, batch.partition, batch.next);
        const processed = batch.records.length - rejected.length;
        return { processed, rejected: rejected.length, next: batch.next };
      }),
    signal,
  );
}

/** Writes what the database takes and returns the rest, found by halving. */
async function write(client: PoolClient, batch: Accepted[]): Promise<Rejected[]> {
  const [first, ...others] = batch;
  if (first === undefined) return [];
  await client.query("SAVEPOINT attempt");
  try {
    await writeTrips(
      client,
      batch.map(({ trip }) => trip),
    );
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await client.query("ROLLBACK TO SAVEPOINT attempt");
    if (others.length === 0) {
      return [{ record: first.record, reason: `database: ${error.message}` }];
    }
    const middle = Math.floor(batch.length / 2);
    return [
      ...(await write(client, batch.slice(0, middle))),
      ...(await write(client, batch.slice(middle))),
    ];
  }
}
