import type { Pool, PoolClient } from "pg";

/** Commits when `work` returns and takes everything back when it throws. */
export async function transaction<Result>(
  database: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await database.connect();
  // While the client is lent out the pool does not listen to it; unheard, a broken connection would end the process.
  const ignore = (): void => {};
  client.on("error", ignore);
  let isBroken = true;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    isBroken = false;
    return result;
  } finally {
    client.off("error", ignore);
    // Without its connection the transaction is taken back as well.
    client.release(isBroken);
  }
}
