import { isDeepStrictEqual } from "node:util";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { watchFor } from "@onramp/grading/watch-for";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { brokenRecords } from "../broken-records.ts";
import { check, openConsumption } from "../consumption.ts";
import { readMetrics } from "../prometheus-text.ts";
import { laterBy } from "../trip-lives.ts";
import { tripPartitions, recordOf, type TripRecord } from "@onramp/testbed/trips/trip-record";

/** How long the lag has to stay while the table is locked, in milliseconds: commits by a timer come every 5 s. */
const stillMs = 7000;

check(
  "tells-its-lag",
  { concurrent: true, withinMs: 90_000 },
  async ({ kafka, postgres, program }, context) => {
    const { evidence, signal, seed } = context;
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "lag");
    const count = seed.integer("records to lag behind", 300, 700);
    const events = tripEvents(seed, "lag", count);
    const broken = brokenRecords(seed);
    // They change nothing, and are done with all the same.
    const older = events.slice(0, 40).map((event) => laterBy(event, -60_000));
    const records = [...[...events, ...older].map(recordOf), ...broken.map(({ record }) => record)];
    await consumption.produce(records);
    const waiting = lagsOf(records);
    await using lock = await consumption.database.lock("trips");
    await using instance = await consumption.start();
    const until = async (
      what: string,
      withinMs: number,
      isSo: (metrics: Metrics) => boolean,
    ): Promise<void> => {
      let text = "";
      try {
        await eventually(
          what,
          async () => {
            text = await instance.metrics();
            const metrics = summed(text);
            return { done: isSo(metrics), seen: JSON.stringify(metrics) };
          },
          {
            withinMs,
            everyMs: 250,
            signal,
            hasDied: () => instance.program.container.describeEnd(),
          },
        );
      } finally {
        evidence(`What /metrics said: ${what}`, text);
        await instance.keepLog();
      }
    };
    await until(
      `/metrics tells the lags ${JSON.stringify(waiting)} while the table is locked`,
      20_000,
      ({ lags }) => isDeepStrictEqual(lags, waiting),
    );
    await consumption.untilItWaits(instance);
    const early = await watchFor(
      async () => {
        const text = await instance.metrics();
        const { lags, processed } = summed(text);
        const seen = `lags ${JSON.stringify(lags)}, processed ${processed}`;
        const isSo = isDeepStrictEqual(lags, waiting) && (processed ?? 0) === 0;
        return { done: !isSo, seen, value: text };
      },
      { forMs: stillMs, everyMs: 250, signal },
    );
    if (early !== undefined) {
      evidence("What /metrics said while the table was locked", early.value ?? "");
      await instance.keepLog();
      fail(
        `With the table locked nothing can be done, and /metrics said otherwise after a while: ${early.seen}.`,
        {
          expected: `lags ${JSON.stringify(waiting)}, processed 0, for as long as the table is locked`,
          actual: early.seen,
        },
      );
    }
    const later = tripEvents(seed, "lag later", 60);
    await consumption.produce(later.map(recordOf));
    const more = lagsOf([...records, ...later.map(recordOf)]);
    await until(
      `/metrics tells the lags ${JSON.stringify(more)} after ${later.length} more records, with the table still locked`,
      10_000,
      ({ lags }) => isDeepStrictEqual(lags, more),
    );
    await lock[Symbol.asyncDispose]();
    const wanted = {
      lags: lagsOf([]),
      processed: events.length + older.length + later.length,
      rejected: broken.length,
    };
    await until(
      `/metrics tells lags of 0, ${wanted.processed} events processed and ${wanted.rejected} rejected when all is done`,
      20_000,
      (metrics) => isDeepStrictEqual(metrics, wanted),
    );
  },
);

interface Metrics {
  /** By partition. */
  readonly lags: Readonly<Record<string, number>>;
  readonly processed: number | null;
  readonly rejected: number | null;
  /** The first line that is none of Prometheus' text format. */
  readonly unreadable?: string;
}

/** The lags by partition while these records wait. */
function lagsOf(records: readonly TripRecord[]): Metrics["lags"] {
  const lags: Record<string, number> = {};
  for (let partition = 0; partition < tripPartitions; partition += 1)
    lags[partition] = records.filter((record) => record.partition === partition).length;
  return lags;
}

function summed(text: string): Metrics {
  const { samples, unreadable } = readMetrics(text);
  // Prometheus throws the whole page away.
  if (unreadable !== undefined) return { lags: {}, processed: null, rejected: null, unreadable };
  const sum = (name: string): number | null => {
    const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  };
  const lags: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    const partition = labels["partition"] ?? "none";
    if (name === "trips_consumer_lag") lags[partition] = (lags[partition] ?? 0) + value;
  }
  return { lags, processed: sum("trips_processed_total"), rejected: sum("trips_rejected_total") };
}
