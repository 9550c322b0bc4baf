import { fail } from "@onramp/grading/check-failure";
import { watchFor } from "@onramp/grading/watch-for";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { check, openConsumption } from "../consumption.ts";
import { recordOf } from "@onramp/testbed/trips/trip-record";
import { expectedTrips } from "../trip-rows.ts";
import { countRowsOf } from "../trip-table.ts";

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
      // A sample: there are too many rows to compare.
      const sample = events.filter((_, index) => index % 100 === 0);
      const found = await countRowsOf(consumption.database, sample);
      if (found !== sample.length) {
        fail(`Of ${sample.length} events that were looked for, ${found} are in the table.`, {
          expected: `${sample.length} events`,
          actual: `${found} of them`,
        });
      }
      return;
    }
    await instance.keepLog();
    fail(
      `With 256 MB of memory, ${waitingRecords} records waiting and the table locked, ${death.seen}.`,
      { expected: "it waits with a bounded number of records in hand", actual: death.seen },
    );
  },
);
