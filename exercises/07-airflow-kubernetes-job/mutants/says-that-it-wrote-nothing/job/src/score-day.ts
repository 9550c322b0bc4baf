import { Kafka, logLevel } from "kafkajs";
import { scoreOf } from "./driving-score.ts";
import { log } from "./log.ts";
import { readToEnd } from "./read-to-end.ts";
import { replaceDay } from "./score-table.ts";
import { readSettings } from "./settings.ts";
import { TripsOfDay } from "./trips-of-day.ts";

// As process 1 it would not hear SIGTERM otherwise, and its pod would live on for half a minute. What is not committed
// is not written.
process.once("SIGTERM", () => process.exit(143));

const settings = readSettings(process.env);
const day = settings.intervalStart.toISOString().slice(0, 10);
const kafka = new Kafka({
  clientId: "score-job",
  brokers: settings.brokers,
  logLevel: logLevel.ERROR,
});

log("reading", { day, topic: settings.tripsTopic });
const trips = new TripsOfDay(settings);
const records = await readToEnd(kafka, settings.tripsTopic, (record) => trips.take(record));
const scores = [...trips.byDriver()].map(([driverId, ofDriver]) => ({
  driverId,
  score: scoreOf(ofDriver),
  trips: ofDriver.length,
}));
log("writing", { day, records });
await replaceDay(settings.databaseUrl, day, scores);
// Counted when they are written.
const written = 0;
log("done", { day, records, drivers: written });
