import { fail } from "@onramp/grading/check-failure";
import { watchFor } from "@onramp/grading/watch-for";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { check, openConsumption } from "./consumption.ts";
import { laterBy } from "./trip-lives.ts";
import { recordOf } from "@onramp/testbed/trips/trip-record";
import { expectedTrips } from "./trip-rows.ts";
import { countRows } from "./trip-table.ts";

check(
  "survives-sigkill",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, postgres, program }, context) => {
    const { seed } = context;
    await using consumption = await openConsumption({ kafka, postgres, program }, context, "kill");
    const trips = tripEvents(seed, "kill", 3000);
    const batches = [0, 1000, 2000].map((start) => {
      // What the program remembered of these trips is gone with it: earlier and later events of theirs come again.
      const known = trips.slice(Math.max(0, start - 1000), start).slice(0, 500);
      const again = known.map((event, index) => laterBy(event, index % 2 === 0 ? 60_000 : -60_000));
      return [...again, ...trips.slice(start, start + 1000)];
    });
    // Answers of the database take a while, so that work is under way at the moment of the kill.
    const databaseFault = async (door: { slow(ms: number): Promise<void> }) => door.slow(20);
    for (const [index, batch] of batches.entries()) {
      await using instance = await consumption.start({ databaseFault });
      await consumption.produce(batch.slice(0, -500).map(recordOf));
      if (index < 2) {
        const rows = index * 1000 + seed.integer(`rows before kill ${index}`, 50, 400);
        await consumption.untilRows(rows, instance);
        // With more to do at that very moment.
        await consumption.produce(batch.slice(-500).map(recordOf));
        await instance.kill();
      } else {
        await consumption.produce(batch.slice(-500).map(recordOf));
        await consumption.untilRight(expectedTrips(batches.flat()), [instance], {
          withinMs: 45_000,
          when: "after the program was killed twice (SIGKILL) and started again",
        });
      }
    }
  },
);

/** How long the table is held while the program has records in hand, in milliseconds: commits by a timer come every 5 s. */
const heldMs = 7000;

check(
  "writes-before-it-commits",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, postgres, program }, context) => {
    const { signal, evidence } = context;
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "locked");
    const { database, topic, group } = consumption;
    const events = tripEvents(context.seed, "locked", 600);
    const first = events.slice(0, 200);
    await consumption.produce(first.map(recordOf));
    {
      await using instance = await consumption.start();
      await consumption.untilRight(expectedTrips(first), [instance], {
        withinMs: 30_000,
        when: "that were sent first",
      });
      await using lock = await database.lock("trips");
      await consumption.produce(events.slice(200).map(recordOf));
      await consumption.untilItWaits(instance);
      const early = await watchFor(
        async () => {
          const committed = await kafka.committedOffsets(group, topic);
          const offsets = [...committed].map(([partition, offset]) => `${partition}: ${offset}`);
          const sum = [...committed.values()].reduce((total, offset) => total + Number(offset), 0);
          return { done: sum > first.length, seen: offsets.join(", ") };
        },
        { forMs: heldMs, signal },
      );
      if (early !== undefined)
        evidence("Offsets committed while nothing could be written", early.seen);
      await instance.kill();
      // The server would let a session whose client is dead write in the end.
      await database.disconnectProgram();
      await lock[Symbol.asyncDispose]();
    }
    const rows = await countRows(database);
    evidence("Rows when the program was killed", String(rows));
    await using again = await consumption.start();
    await consumption.untilRight(expectedTrips(events), [again], {
      withinMs: 30_000,
      when: `after the program was killed with the table locked, and started again (${rows} rows then)`,
    });
  },
);

check(
  "shares-the-work",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "share");
    const events = tripEvents(context.seed, "share", 4000);
    let sent = 0;
    const sendNext = async (count: number): Promise<void> => {
      const next = events.slice(sent, sent + count);
      sent += next.length;
      await consumption.produce(next.map(recordOf));
    };
    await sendNext(300);
    await using first = await consumption.start();
    await consumption.untilRows(100, first);
    await using second = await consumption.start();
    await consumption.untilShared([first, second], () => sendNext(10));
    await sendNext(1000);
    await consumption.untilRight(expectedTrips(events.slice(0, sent)), [first, second], {
      withinMs: 30_000,
      when: "after a second instance took partitions over",
    });
  },
);

const handOverMs = 12_000;

check(
  "hands-over-on-sigterm",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "hand-over");
    const events = tripEvents(context.seed, "hand-over", 4000);
    let sent = 0;
    const sendNext = async (count: number): Promise<void> => {
      const next = events.slice(sent, sent + count);
      sent += next.length;
      await consumption.produce(next.map(recordOf));
    };
    // So long that leaving the group can be told from being given up by it.
    const sessionTimeoutMs = 30_000;
    await sendNext(300);
    await using leaving = await consumption.start({ sessionTimeoutMs });
    await consumption.untilRows(100, leaving);
    await using staying = await consumption.start({ sessionTimeoutMs });
    await consumption.untilShared([leaving, staying], () => sendNext(10));

    await sendNext(300);
    const signalledAt = performance.now();
    await leaving.program.container.kill("SIGTERM");
    await sendNext(300);
    const leftMs = (): number => Math.max(0, handOverMs - (performance.now() - signalledAt));
    const expected = expectedTrips(events.slice(0, sent));
    const end = leaving.program.container.waitForEnd(handOverMs);
    // Where the rest fails before, nobody asks for it any more.
    end.catch(() => {});
    await consumption
      .untilRight(expected, [staying], {
        withinMs: leftMs(),
        when: "after one of two instances got SIGTERM, with 600 records on their way",
      })
      .catch(async (error: unknown) => {
        await leaving.keepLog();
        throw error;
      });
    const state = await end;
    await leaving.keepLog();
    const wanted = `exit code 0 within ${handOverMs / 1000} s of SIGTERM`;
    if (state === undefined) {
      fail(`The instance was still running ${handOverMs / 1000} s after SIGTERM.`, {
        expected: wanted,
        actual: "still running",
      });
    }
    if (state.exitCode !== 0) {
      const actual = (await leaving.program.container.describeEnd()) ?? "";
      fail(`After SIGTERM ${actual}.`, { expected: wanted, actual });
    }
  },
);
