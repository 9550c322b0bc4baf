import { Client } from "pg";
import { recordsUntilNow } from "./records-until-now.ts";
import { inTransaction, makeEvents, mergeScores } from "./score-in-sql.ts";
import { readSettings } from "./settings.ts";
import { tripEvent } from "./trip.ts";

process.on("SIGTERM", () => process.exit(0));

const settings = readSettings(process.env);
const { intervalStart, intervalEnd, allowedLatenessMs } = settings;
const day = intervalStart.toISOString().slice(0, 10);
const lastMs = BigInt(intervalEnd.getTime() + allowedLatenessMs);

const client = new Client(settings.databaseUrl);
await client.connect();
const drivers = await inTransaction(client, async () => {
  await client.query(makeEvents);
  for await (const { partition, offset, timestamp, value } of recordsUntilNow(settings)) {
    if (timestamp >= lastMs || value === undefined) continue;
    const trip = tripIn(value);
    if (trip !== undefined)
      await client.query("INSERT INTO event VALUES ($1, $2, $3)", [partition, offset, trip]);
  }
  return (await client.query(mergeScores, [day, intervalStart, intervalEnd])).rowCount;
});
await client.end();
console.log(JSON.stringify({ day, drivers, level: "info" }));

function tripIn(value: Buffer): object | undefined {
  try {
    return tripEvent.safeParse(JSON.parse(value.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
