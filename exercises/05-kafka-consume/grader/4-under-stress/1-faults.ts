import { fail } from "@onramp/grading/check-failure";
import { watchFor } from "@onramp/grading/watch-for";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { check, openConsumption } from "../consumption.ts";
import { demandAlive } from "../instance.ts";
import { recordOf } from "@onramp/testbed/trips/trip-record";
import { expectedTrips } from "../trip-rows.ts";

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
