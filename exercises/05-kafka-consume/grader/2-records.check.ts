import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { printed, recordTable } from "@onramp/testbed/kafka/record-table";
import { faultOfReason } from "@onramp/testbed/trips/reason";
import { type TripEvent, tripEvents } from "@onramp/testbed/trips/trip-event";
import { brokenRecords } from "./broken-records.ts";
import { check, openConsumption } from "./consumption.ts";
import { laterBy, sibling } from "./trip-lives.ts";
import { recordOf } from "@onramp/testbed/trips/trip-record";
import { expectedTrips } from "./trip-rows.ts";
import { countTripsOf, deleteRows, insertRows } from "./trip-table.ts";

check(
  "keeps-the-newest-event",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "newest");
    // Enough of them that every partition has some, and the last ones tell that the others were dealt with.
    const newest = tripEvents(context.seed, "newest", 60);
    await consumption.produce(newest.map(recordOf));
    await using instance = await consumption.start();
    await consumption.untilRight(expectedTrips(newest), [instance], {
      withinMs: 30_000,
      when: "that were sent first",
    });

    const late = newest.flatMap((event) => [
      laterBy(event, -60_000),
      sibling(event, event.eventTime, "equal"),
    ]);
    const barrier = tripEvents(context.seed, "barrier", 30);
    await consumption.produce([...late, ...barrier].map(recordOf));
    await consumption.untilRight(expectedTrips([...newest, ...late, ...barrier]), [instance], {
      withinMs: 30_000,
      when: "after older events and events of the same time came late",
    });

    // All in one batch: what decides is the time, then the place in the topic.
    const together = tripEvents(context.seed, "together", 60).flatMap((event, index) =>
      lifeOf(event, index),
    );
    await consumption.produce(together.map(recordOf));
    await consumption.untilRight(
      expectedTrips([...newest, ...late, ...barrier, ...together]),
      [instance],
      { withinMs: 30_000, when: "after several events of a trip came together, in any order" },
    );
  },
);

/** Events of one trip that are written at once, in an order that says nothing. */
function lifeOf(event: TripEvent, index: number): TripEvent[] {
  const second = `${event.eventTime.slice(0, 19)}Z`;
  const lives: TripEvent[][] = [
    [laterBy(event, -5000), event, laterBy(event, -9000)],
    [event, sibling(event, event.eventTime, "equal")],
    // The same instant in two texts, and half a second that is the smaller text.
    [sibling(event, second, "second"), sibling(event, second.replace("Z", ".000Z"), "same second")],
    [
      sibling(event, second, "second"),
      sibling(event, second.replace("Z", ".500Z"), "half a second later"),
    ],
  ];
  return lives[index % lives.length] ?? [];
}

check(
  "sets-broken-records-aside",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, postgres, program }, context) => {
    const { evidence } = context;
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "broken");
    const before = tripEvents(context.seed, "before the broken ones", 60);
    const broken = brokenRecords(context.seed);
    const after = tripEvents(context.seed, "behind the broken ones", 60);
    const records = [
      ...before.map(recordOf),
      ...broken.map(({ record }) => record),
      ...after.map(recordOf),
    ];
    await consumption.produce(records);
    await using instance = await consumption.start();
    await consumption.untilRight(expectedTrips([...before, ...after]), [instance], {
      withinMs: 30_000,
      when: "that stand before and behind broken records",
    });
    const placed = broken.map((each) => ({ ...each, place: placeIn(records, each.record) }));
    for (const { record, what, names, place } of placed) {
      const where = `partition ${place.partition}, offset ${place.offset} (${what})`;
      const dead = () =>
        consumption.deadLetters.records.find(
          ({ headers }) =>
            headers["source-partition"] === String(place.partition) &&
            headers["source-offset"] === String(place.offset),
        );
      try {
        await eventually(
          `The record at ${where} has a dead letter with its place in the headers`,
          async () => ({
            done: dead() !== undefined,
            seen: `${consumption.deadLetters.records.length} dead letters`,
          }),
          { withinMs: 15_000, signal: context.signal },
        );
      } catch (error) {
        evidence("The dead letters", recordTable(consumption.deadLetters.records));
        await instance.keepLog();
        throw error;
      }
      const letter = dead();
      evidence(`The dead letter of ${where}`, recordTable(letter === undefined ? [] : [letter]));
      for (const part of ["key", "value"] as const) {
        const given = record[part] === null ? null : Buffer.from(record[part]);
        const got = letter?.[part] ?? null;
        if (given === got || (given !== null && got?.equals(given))) continue;
        fail(`The dead letter of the record at ${where} has another ${part}.`, {
          expected: printed(given),
          actual: printed(got),
        });
      }
      const reason = letter?.headers["reason"] ?? "";
      const fault = faultOfReason(reason, names);
      if (fault === undefined) continue;
      fail(
        `The dead letter of the record at ${where} has the reason ${JSON.stringify(reason)}, which ${fault}.`,
        {
          expected: names === undefined ? "a reason" : `a reason that names \`${names}\``,
          actual: JSON.stringify(letter?.headers),
        },
      );
    }
    const places = new Set(placed.map(({ place }) => `${place.partition} ${place.offset}`));
    const letters = await consumption.deadLetters.readToEnd(context.signal);
    // What is left when each place has had one.
    const surplus = letters.filter(
      ({ headers }) => !places.delete(`${headers["source-partition"]} ${headers["source-offset"]}`),
    );
    if (surplus.length === 0) return;
    evidence(
      "The dead letters of no broken record, or of one that has its own",
      recordTable(surplus),
    );
    fail(`${surplus.length} dead letters are too many: ${broken.length} records are broken.`, {
      expected: `${broken.length} dead letters, one for each broken record`,
      actual: `${letters.length} dead letters`,
    });
  },
);

/** Where a record stands in a topic that had none before. */
function placeIn(
  records: readonly { readonly partition: number }[],
  record: { readonly partition: number },
): { partition: number; offset: number } {
  const { partition } = record;
  const offset = records.filter((each) => each.partition === partition).indexOf(record);
  return { partition, offset };
}

check(
  "replays-without-a-change",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, postgres, program }, context) => {
    const services = { kafka, postgres, program };
    await using consumption = await openConsumption(services, context, "replay");
    const { database, group } = consumption;
    const first = tripEvents(context.seed, "replay", 300);
    const events = [...first, ...first.map((event) => laterBy(event, -1000))];
    await consumption.produce(events.map(recordOf));
    {
      await using instance = await consumption.start();
      await consumption.untilRight(expectedTrips(events), [instance], {
        withinMs: 30_000,
        when: "before the replay",
      });
      await instance.stop();
    }
    // A program that reads nothing again would change nothing either: some rows are only there if it does.
    const lost = first.slice(0, context.seed.integer("rows to lose", 5, 50));
    await deleteRows(database, lost);
    // The topic has let go of this one's events, as topics do; its row stays.
    const old = tripEvents(context.seed, "no longer in the topic", 1);
    await insertRows(database, old);
    const next = tripEvents(context.seed, "after the restart", 30);
    {
      await using instance = await consumption.start();
      await consumption.produce(next.map(recordOf));
      await consumption.untilRowsOf(next, instance, "that came after a restart");
      const back = await countTripsOf(database, lost);
      if (back > 0) {
        await instance.keepLog();
        fail(
          `Started again in the same group, the program read the topic from its beginning: ${back} rows that the grader had deleted are back.`,
          { expected: "it goes on where it stopped", actual: `${back} of ${lost.length} rows` },
        );
      }
      await instance.kill();
    }
    await using again = await consumption.start({ group: `${group}-again` });
    await consumption.untilRight(expectedTrips([...events, ...old, ...next]), [again], {
      withinMs: 30_000,
      when: `after a new group (${group}-again) read the topic from the beginning, with ${lost.length} rows deleted before and one of a trip that is no longer in the topic`,
    });
  },
);
