import type { Pool, PoolClient } from "pg";
import type { Settings } from "./settings.ts";

const create = `
  CREATE TABLE IF NOT EXISTS trip_offsets (
    topic text, partition integer, next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
  )`;
const place = "topic = $1 AND partition = $2";

/** The next offset to be done, for each partition. */
export class OffsetTable {
  readonly #topic: string;

  constructor({ tripsTopic }: Settings) {
    this.#topic = tripsTopic;
  }

  /** Two instances that start at the same time may both try; one of them then gets an error and tries again. */
  async create(database: Pool): Promise<void> {
    await database.query(create);
  }

  async read(database: Pool): Promise<Map<number, bigint>> {
    const { rows } = await database.query<{ partition: number; next_offset: string }>(
      "SELECT partition, next_offset FROM trip_offsets WHERE topic = $1",
      [this.#topic],
    );
    return new Map(rows.map((row) => [row.partition, BigInt(row.next_offset)]));
  }

  /**
   * Locks the partition's place until the end of the transaction. A member that was taken for dead and still writes
   * has to wait here, and then sees that others have gone on.
   */
  async lock(client: PoolClient, partition: number, first: bigint): Promise<bigint> {
    const key = [this.#topic, partition];
    await client.query("INSERT INTO trip_offsets VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
      ...key,
      first.toString(),
    ]);
    const { rows } = await client.query<{ next_offset: string }>(
      `SELECT next_offset FROM trip_offsets WHERE ${place} FOR UPDATE`,
      key,
    );
    return BigInt(rows[0]?.next_offset ?? first);
  }

  async advance(client: PoolClient, partition: number, next: bigint): Promise<void> {
    await client.query(`UPDATE trip_offsets SET next_offset = $3 WHERE ${place}`, [
      this.#topic,
      partition,
      next.toString(),
    ]);
  }
}
