import type { KafkaMessage } from "kafkajs";
import type { Pool } from "pg";
import { isRefusal, untilTheDatabaseAnswers } from "./database.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { type Accepted, judge, type Rejected } from "./record.ts";
import { writeTrips } from "./trip-table.ts";

export type Batch = { partition: number; records: KafkaMessage[] };
export type Outcome = { processed: number; rejected: number };
type Written = { refused: Rejected[]; changed: number };
export type Targets = { database: Pool; deadLetters: DeadLetters };

/**
 * When it returns, every record of the batch is in the table or among the dead letters. When it throws, some may be:
 * the batch is then read again, and writing it twice changes nothing.
 */
export async function settleBatch(
  { partition, records }: Batch,
  { database, deadLetters }: Targets,
  signal: AbortSignal,
): Promise<Outcome> {
  const accepted: Accepted[] = [];
  const rejected: Rejected[] = [];
  for (const record of records) {
    const judgement = judge(record);
    if ("trip" in judgement) accepted.push(judgement);
    else rejected.push(judgement);
  }

  const { refused, changed } = await write(database, accepted, signal);
  await deadLetters.send(partition, [...rejected, ...refused]);
  return {
    processed: changed,
    rejected: rejected.length + refused.length,
  };
}

/**
 * Writes what the database takes and returns the rest. The rules of an event let through what a column does not hold
 * (three billion hard brakes, a NUL in a name); one such record must not hold up its partition for ever. Halving finds
 * it in a few statements and leaves the order of the others as it is.
 */
async function write(database: Pool, batch: Accepted[], signal: AbortSignal): Promise<Written> {
  const [first, ...others] = batch;
  if (first === undefined) return { refused: [], changed: 0 };
  try {
    const trips = batch.map(({ trip }) => trip);
    const changed = await untilTheDatabaseAnswers(() => writeTrips(database, trips), signal);
    return { refused: [], changed };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (others.length === 0) {
      const reason = `database: ${error.message}`;
      return { refused: [{ record: first.record, reason }], changed: 0 };
    }
    const middle = Math.floor(batch.length / 2);
    const earlier = await write(database, batch.slice(0, middle), signal);
    const later = await write(database, batch.slice(middle), signal);
    return {
      refused: [...earlier.refused, ...later.refused],
      changed: earlier.changed + later.changed,
    };
  }
}
