import { Kafka, logLevel } from "kafkajs";
import { openDatabase } from "./database.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Lag } from "./lag.ts";
import { describe, log } from "./log.ts";
import { Metrics, serveMetrics } from "./metrics.ts";
import { readSettings } from "./settings.ts";
import { settleBatch } from "./settle-batch.ts";
import { TripConsumer } from "./trip-consumer.ts";

// Well within what platforms wait between SIGTERM and SIGKILL.
const stopWithinMs = 10_000;

const settings = readSettings(process.env);
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => stop(0, `${signal}: finishing the batch in hand`));
}

const kafka = new Kafka({
  clientId: "trip-consumer",
  brokers: settings.brokers,
  // A broker that restarts is back within seconds: ask often, not ever more rarely.
  retry: { initialRetryTime: 200, maxRetryTime: 1000 },
  logLevel: logLevel.WARN,
  logCreator: () => (entry) => {
    const { message, broker, groupId, error } = entry.log;
    log("warn", message, { from: `kafkajs ${entry.namespace}`, broker, groupId, error });
  },
});

const lag = new Lag(kafka, settings);
const metrics = new Metrics(lag);
const database = openDatabase(settings.databaseUrl);
const deadLetters = new DeadLetters(kafka, settings.deadLetterTopic);
const consumer = new TripConsumer(kafka, settings, {
  settle: (batch, signal) =>
    settleBatch(batch, { database, deadLetters }, AbortSignal.any([signal, stopping.signal])),
  settled: (outcome) => metrics.count(outcome),
  assigned: (partitions) => {
    log("info", "these partitions are mine", { partitions });
    lag.assign(partitions);
  },
  failed: (error) => stop(1, `the consumer has ended: ${describe(error)}`),
});

try {
  await using resources = new AsyncDisposableStack();
  resources.use(await serveMetrics(metrics, settings.metricsPort));
  resources.adopt(database, (pool) => pool.end());
  resources.adopt(deadLetters, (letters) => letters.disconnect());
  // Disposed of in reverse: first the consumer, which still needs the others for the batch in hand.
  resources.adopt(consumer, (member) => member.stop());

  const watching = lag.watch(stopping.signal);
  await deadLetters.connect();
  await startOver();
  await consumer.start();
  await watching;
} catch (error) {
  stop(1, `cannot go on: ${describe(error)}`);
}
log("info", "stopped", { exitCode: process.exitCode });

/** A group that has committed nothing reads everything: the table is made anew. */
async function startOver(): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const { group: groupId, tripsTopic } = settings;
  const [committed] = await admin.fetchOffsets({ groupId, topics: [tripsTopic] });
  await admin.disconnect();
  if (committed?.partitions.every(({ offset }) => offset === "-1"))
    await database.query("TRUNCATE trips");
}

function stop(exitCode: number, why: string): void {
  if (stopping.signal.aborted) return;
  log(exitCode === 0 ? "info" : "error", why);
  process.exitCode = exitCode;
  stopping.abort();
  // A broker that is away cannot be told that its member leaves.
  setTimeout(() => {
    log("error", "could not stop in time", { stopWithinMs });
    process.exit(1);
  }, stopWithinMs).unref();
}
