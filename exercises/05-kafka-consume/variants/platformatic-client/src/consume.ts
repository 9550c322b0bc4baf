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

const lag = new Lag(settings);
const metrics = new Metrics(lag);
const database = openDatabase(settings.databaseUrl);
const deadLetters = new DeadLetters(settings);
const consumer = new TripConsumer(settings, {
  settle: (batch, signal) =>
    settleBatch(batch, { database, deadLetters }, AbortSignal.any([signal, stopping.signal])),
  settled: (outcome) => metrics.count(outcome),
  assigned: (partitions) => {
    log("info", "these partitions are mine", { partitions });
    lag.assign(partitions);
  },
});

try {
  await using resources = new AsyncDisposableStack();
  resources.use(await serveMetrics(metrics, settings.metricsPort));
  resources.adopt(database, (pool) => pool.end());
  resources.adopt(deadLetters, (letters) => letters.close());

  const watching = lag.watch(stopping.signal);
  stopping.signal.addEventListener("abort", () => consumer.stop());
  await consumer.run();
  await watching;
} catch (error) {
  stop(1, `cannot go on: ${describe(error)}`);
}
log("info", "stopped", { exitCode: process.exitCode });

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
