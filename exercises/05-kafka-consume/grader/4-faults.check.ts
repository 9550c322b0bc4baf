import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { watchFor } from "@onramp/grading/watch-for";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { brokenRecords } from "./broken-records.ts";
import { check, demandAlive, openConsumption } from "./consumption.ts";
import { readMetrics } from "./prometheus-text.ts";
import { recordOf } from "./trip-records.ts";
import { expectedTrips } from "./trip-rows.ts";
import { demandRowsOf } from "./trip-table.ts";

const outageMs = 3000;
/** 20 a second. */
const mostConnections = 60;

check(
  "outlives-a-database-outage",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, postgres, program }, context) => {
    const { signal, seed } = context;
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "outage");
    const events = tripEvents(seed, "outage", 900);
    await consumption.produce(events.slice(0, 300).map(recordOf));
    await using instance = await consumption.start();
    await consumption.untilRows(seed.integer("rows before the outage", 50, 300), instance);
    const { databaseDoor } = instance;
    const before = await databaseDoor.connections();
    await databaseDoor.sever();
    await consumption.produce(events.slice(300, 600).map(recordOf));
    const storm = await watchFor(
      async () => {
        const tries = (await databaseDoor.connections()) - before;
        return { done: tries > mostConnections, seen: String(tries), value: tries };
      },
      { forMs: outageMs, signal },
    );
    await databaseDoor.heal();
    await demandAlive(instance, "while the database was away");
    if (storm !== undefined) {
      await instance.keepLog();
      fail(
        `Without a database the program tried to connect ${storm.value} times in ${outageMs / 1000} s or less.`,
        {
          expected: `at most ${mostConnections} tries in ${outageMs / 1000} s, 20 a second`,
          actual: `${storm.value} tries`,
        },
      );
    }
    await consumption.produce(events.slice(600).map(recordOf));
    await consumption.untilRight(expectedTrips(events), [instance], {
      withinMs: 30_000,
      when: "after the database was away for 3 s",
    });
  },
);

check(
  "outlives-a-broker-restart",
  { concurrent: true, withinMs: 180_000 },
  async ({ postgres, program }, context) => {
    // A broker of its own: the others go on beside it.
    await using kafka = await startKafka(context.job, { name: "kafka-b" });
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "restart");
    const events = tripEvents(context.seed, "restart", 900);
    await consumption.produce(events.slice(0, 600).map(recordOf));
    await using instance = await consumption.start();
    await consumption.untilRows(context.seed.integer("rows before the restart", 50, 500), instance);
    await kafka.restart();
    await consumption.produce(events.slice(600).map(recordOf));
    await consumption.untilRight(expectedTrips(events), [instance], {
      withinMs: 60_000,
      when: "after the broker was restarted in the middle",
    });
    await demandAlive(instance, "while the broker restarted");
  },
);

const keepUpMs = 20_000;
const addedMs = 5;

check(
  "keeps-up",
  { concurrent: true, withinMs: 90_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "fast");
    const events = tripEvents(context.seed, "fast", 10_000);
    await consumption.produce(events.map(recordOf));
    await using instance = await consumption.start({
      databaseFault: async (door) => door.slow(addedMs),
    });
    await consumption.untilRight(expectedTrips(events), [instance], {
      withinMs: keepUpMs,
      when: `with every answer of the database ${addedMs} ms later`,
    });
  },
);

const waitingRecords = 100_000;
/** How long the table is held while the program could go on reading, in milliseconds. */
const heldMs = 10_000;
/** White space behind each event, as JSON may have: 200 MB of records do not fit into 256 MB beside a program. */
const padding = " ".repeat(1600);

check(
  "stays-small",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "many");
    const events = tripEvents(context.seed, "many", waitingRecords);
    await consumption.produce(
      events.map((event) => ({ ...recordOf(event), value: JSON.stringify(event) + padding })),
    );
    const memoryBytes = 256 * 1024 ** 2;
    await using lock = await consumption.database.lock("trips");
    await using instance = await consumption.start({ memoryBytes });
    const { container } = instance.program;
    const death = await watchFor(
      async () => {
        const end = await container.describeEnd();
        return { done: end !== undefined, seen: end ?? "running" };
      },
      { forMs: heldMs, signal: context.signal },
    );
    if (death === undefined) {
      await lock[Symbol.asyncDispose]();
      await consumption.untilRows(waitingRecords, instance, 90_000);
      await demandRowsOf(
        consumption.database,
        events.filter((_, index) => index % 100 === 0),
      );
      return;
    }
    await instance.keepLog();
    fail(
      `With 256 MB of memory, ${waitingRecords} records waiting and the table locked, ${death.seen}.`,
      { expected: "it waits with a bounded number of records in hand", actual: death.seen },
    );
  },
);

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
    await consumption.produce([...events.map(recordOf), ...broken.map(({ record }) => record)]);
    const waiting = count + broken.length;
    await using lock = await consumption.database.lock("trips");
    await using instance = await consumption.start();
    const until = async (what: string, isSo: (metrics: Metrics) => boolean): Promise<void> => {
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
            withinMs: 20_000,
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
      `/metrics tells a lag of ${waiting} in all while the table is locked`,
      ({ lag, partitions }) => lag === waiting && partitions === 3,
    );
    await consumption.untilItWaits(instance);
    const early = await watchFor(
      async () => {
        const text = await instance.metrics();
        const { lag, processed } = summed(text);
        const seen = `lag ${lag}, processed ${processed}`;
        return { done: lag !== waiting || (processed ?? 0) > 0, seen, value: text };
      },
      { forMs: stillMs, everyMs: 250, signal },
    );
    if (early !== undefined) {
      evidence("What /metrics said while the table was locked", early.value ?? "");
      await instance.keepLog();
      fail(
        `With the table locked nothing can be done, and /metrics said otherwise after a while: ${early.seen}.`,
        {
          expected: `lag ${waiting}, processed 0, for as long as the table is locked`,
          actual: early.seen,
        },
      );
    }
    await lock[Symbol.asyncDispose]();
    await until(
      `/metrics tells a lag of 0, ${count} events processed and ${broken.length} rejected when all is done`,
      ({ lag, partitions, processed, rejected }) =>
        lag === 0 && partitions === 3 && processed === count && rejected === broken.length,
    );
  },
);

interface Metrics {
  readonly lag: number | null;
  /** How many partitions have a lag. */
  readonly partitions: number;
  readonly processed: number | null;
  readonly rejected: number | null;
}

function summed(text: string): Metrics {
  const samples = readMetrics(text);
  const sum = (name: string): number | null => {
    const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  };
  const partitions = samples
    .filter(({ name }) => name === "trips_consumer_lag")
    .map(({ labels }) => labels["partition"]);
  return {
    lag: sum("trips_consumer_lag"),
    partitions: new Set(partitions).size,
    processed: sum("trips_processed_total"),
    rejected: sum("trips_rejected_total"),
  };
}
