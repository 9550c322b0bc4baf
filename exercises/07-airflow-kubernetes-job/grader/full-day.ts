// A day with everything in it that the rules speak of, beside records of other days.
import type { Seed } from "@onramp/grading/seed";
import { shifted } from "@onramp/testbed/driving-score/days";
import { type ScoresByDriver, scoresOf } from "@onramp/testbed/driving-score/score-rows";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import { tripOf } from "@onramp/testbed/driving-score/trip-of";
import { allowedLatenessS, recordOf, type TopicMessage, tripsOf } from "./trip-records.ts";

export interface FullDay {
  readonly records: readonly TopicMessage[];
  readonly expected: ScoresByDriver;
}

/** Drivers of whom all records came after the day's end. */
export const lateDrivers = ["driver-late", "driver-too-late"];
/** Drivers of whom all trips are of the days beside it. */
export const otherDaysDrivers = ["driver-before", "driver-after"];

/** The records of a day in the order in which they come, and the rows that it comes to. */
export function fullDay(seed: Seed, day: string): FullDay {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const end = Date.parse(`${shifted(day, 1)}T00:00:00Z`);
  const lastCounted = end + allowedLatenessS * 1000;
  const [before, after] = [shifted(day, -1), shifted(day, 1)];
  const trip = (label: string, changes: Partial<TripEvent>): TripEvent =>
    tripOf(seed, day, label, changes);
  const at = (instant: number): Partial<TripEvent> => {
    const time = new Date(instant).toISOString();
    return { endedAt: time, eventTime: time, startedAt: new Date(instant - hourMs).toISOString() };
  };
  const plain = tripsOf(seed, day, 200);
  const edges = [
    trip("first instant", { ...at(midnight), driverId: "driver-edge" }),
    trip("last instant", { ...at(end - 1), driverId: "driver-edge" }),
  ];
  const beside = [
    trip("too early", { ...at(midnight - 1), driverId: "driver-before" }),
    trip("too late", { ...at(end), driverId: "driver-after" }),
    ...tripsOf(seed, after, 40).map((event) => ({ ...event, driverId: "driver-after" })),
    ...tripsOf(seed, before, 10).map((event) => ({ ...event, driverId: "driver-before" })),
  ];
  const ties = tieDistances.map((distanceKm, index) =>
    trip(`tie ${index}`, {
      distanceKm,
      driverId: "driver-tie",
      maxSpeedKmh: 90,
      hardBrakes: index === 0 ? 1 : 0,
      hardAccelerations: index === 1 ? 1 : 0,
    }),
  );
  const corrected = trip("corrected", { driverId: "driver-corrected", hardBrakes: 1 });
  const correction = { ...laterBy(corrected, 1000), hardBrakes: 7 };
  const takenBack = trip("taken back", { driverId: "driver-none" });
  const same = trip("same time", { driverId: "driver-same", distanceKm: 50, hardBrakes: 2 });
  const inNextDay = { endedAt: new Date(end + hourMs).toISOString() };
  const movedOut = trip("moved out", { driverId: "driver-moved-out" });
  const fromDayBefore = trip("moved in", { ...at(midnight - 1), driverId: "driver-moved-in" });
  const movedIn = { ...laterBy(fromDayBefore, 1000), endedAt: new Date(midnight).toISOString() };
  const whole = trip("whole second", {
    driverId: "driver-fraction",
    eventTime: `${day}T10:00:00Z`,
    hardBrakes: 1,
  });
  const fraction = {
    ...whole,
    eventId: laterBy(whole, 1).eventId,
    eventTime: `${day}T10:00:00.500Z`,
    hardBrakes: 6,
  };
  const kept = trip("kept", { driverId: "driver-kept" });
  const late = trip("late", { driverId: "driver-late" });
  const tooLate = trip("too late to count", { driverId: "driver-too-late" });
  const lateCorrection = { ...laterBy(late, 1000), hardBrakes: 9 };
  const records = [
    ...plain.flatMap((event, index) =>
      // Every second one has a start before it, as trips have.
      index % 2 === 0
        ? [recordOf(event)]
        : [
            recordOf({ ...laterBy(event, -600_000), status: "started", endedAt: null }),
            recordOf(event),
          ],
    ),
    // There in that moment: what is late is told apart from what is of another day.
    ...edges.map((event) => recordOf(event, Date.parse(event.eventTime))),
    ...[...beside, ...ties].map((event) => recordOf(event)),
    // The newest event counts, whatever comes last.
    recordOf(correction),
    recordOf(corrected),
    recordOf(takenBack),
    recordOf({ ...laterBy(takenBack, 1000), status: "cancelled", endedAt: null }),
    recordOf(movedOut),
    // There on the day itself: what is late is told apart from what is moved.
    recordOf({ ...laterBy(movedOut, 1000), ...inNextDay }, end - 1),
    recordOf(fromDayBefore),
    recordOf(movedIn),
    recordOf(whole),
    recordOf(fraction),
    // Of equals the first, however often it comes.
    recordOf(same),
    recordOf(same),
    recordOf({ ...same, eventId: laterBy(same, 1).eventId, hardBrakes: 5 }),
    // A correction that breaks the rules corrects nothing.
    recordOf(kept),
    recordOf({ ...laterBy(kept, 1000), distanceKm: -5, hardBrakes: 30 }),
    recordOf(trip("under way", { status: "started", endedAt: null, driverId: "driver-none" })),
    ...brokenRecords.map((value, index) => ({
      ...recordOf(trip(`broken ${index}`, { driverId: "driver-none" })),
      value,
    })),
    ...violations.map((violation, index) => {
      const event = trip(`violation ${index}`, { driverId: "driver-none" });
      return { ...recordOf(event), value: JSON.stringify({ ...event, ...violation(event) }) };
    }),
    // Within the lateness, and at the first instant after it.
    recordOf(late, lastCounted - 1),
    recordOf(lateCorrection, lastCounted),
    recordOf(tooLate, lastCounted),
  ];
  const counted = [...plain, ...edges, ...ties, correction, same, movedIn, fraction, kept, late];
  return { records, expected: scoresOf(counted, true) };
}

const hourMs = 3_600_000;
/** 32 km together; added up as floats, in whatever order, they are a little less. */
const tieDistances = [1.026, 8.104, 4.223, 18.647];
const brokenRecords = [null, "", "{", '"a text"', '{"tripId":"no trip"}'];

/** What makes an event break one rule each. */
const violations: readonly ((event: TripEvent) => Readonly<Record<string, unknown>>)[] = [
  () => ({ schemaVersion: 2 }),
  () => ({ vin: "a field that nobody knows" }),
  () => ({ distanceKm: "12.5" }),
  () => ({ hardBrakes: 1.5 }),
  ({ endedAt }) => ({ endedAt: endedAt?.replace("Z", "+00:00") }),
  ({ endedAt }) => ({ startedAt: new Date(Date.parse(endedAt ?? "") + 1000).toISOString() }),
];

/** The event of the same trip so many milliseconds later, with an id of its own. */
function laterBy(event: TripEvent, milliseconds: number): TripEvent {
  const eventTime = new Date(Date.parse(event.eventTime) + milliseconds).toISOString();
  const mark = milliseconds < 0 ? "b" : "a";
  return { ...event, eventTime, eventId: `${mark.repeat(8)}${event.eventId.slice(8)}` };
}
