// The files of a day, as the sources write them.
import { type Seed, uuidOf } from "@onramp/grading/seed";
import { tripOf } from "@onramp/testbed/driving-score/trip-of";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";

export const sources = ["app", "box", "partner"] as const;
export type Source = (typeof sources)[number];

/** Numbers with up to three decimals, as text: what stands in a line is not a float. */
export type TripLine = Omit<TripEvent, "distanceKm"> & { readonly distanceKm: string };

/** A line of a file: an event, or whatever else stands there. */
export type Line = TripLine | Buffer;

/** The lines of a day's sources; a source that is not among them has no file. */
export type TripDay = Readonly<Partial<Record<Source, readonly Line[]>>>;

const hourMs = 3_600_000;
const quietSpeedKmh = 90;

/** A trip of a day, whose values come from the seed; what is given stands instead of them. */
export function tripLine(
  seed: Seed,
  day: string,
  label: string,
  changes: Partial<TripLine> = {},
): TripLine {
  const trip = tripOf(seed, day, label);
  return { ...trip, distanceKm: trip.distanceKm.toFixed(3), ...changes };
}

/** Trips of a day, shared out over its three sources. */
export function plainDay(seed: Seed, day: string, trips: number): Record<Source, TripLine[]> {
  const lines: Record<Source, TripLine[]> = { app: [], box: [], partner: [] };
  for (let index = 0; index < trips; index += 1)
    lines[sources[index % sources.length] ?? "app"].push(tripLine(seed, day, `trip ${index}`));
  return lines;
}

/** A day with everything in it that the rules speak of. */
export function fullDay(seed: Seed, day: string, trips: number): Record<Source, TripLine[]> {
  const lines = plainDay(seed, day, trips);
  const at = (time: string): Partial<TripLine> => ({ endedAt: time, eventTime: time });
  const [before, after] = [-1, 1].map((days) =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * hourMs).toISOString().slice(0, 10),
  );
  const start = { startedAt: `${before}T12:00:00Z` };
  const trip = (label: string, changes: Partial<TripLine>): TripLine =>
    tripLine(seed, day, label, changes);
  lines.app.push(
    // The first and the last instant of the day, and their neighbours of other days.
    trip("first instant", { ...start, ...at(`${day}T00:00:00Z`), driverId: "driver-edge-in" }),
    trip("too early", { ...start, ...at(`${before}T23:59:59.999Z`), driverId: "driver-edge-out" }),
    trip("last instant", { ...at(`${day}T23:59:59.999Z`), driverId: "driver-edge-in" }),
    trip("too late", { ...at(`${after}T00:00:00.000Z`), driverId: "driver-edge-out" }),
    // The same instants, as clocks elsewhere tell them.
    trip("east", { ...start, ...at(`${after}T01:30:00+02:00`), driverId: "driver-east" }),
    trip("east, too early", { ...start, ...at(`${day}T01:30:00+02:00`), driverId: "driver-east" }),
    trip("west", { ...start, ...at(`${before}T22:30:00-03:00`), driverId: "driver-west" }),
    trip("cancelled", { status: "cancelled", driverId: "driver-none" }),
    trip("under way", { status: "started", endedAt: null, driverId: "driver-none" }),
    // 100 − 100 × 3 / 32 = 90.625, which is 90.63.
    ...tieDistances.map((distanceKm, index) =>
      trip(`tie ${index}`, {
        distanceKm,
        driverId: "driver-tie",
        maxSpeedKmh: quietSpeedKmh,
        hardBrakes: index === 0 ? 1 : 0,
        hardAccelerations: index === 1 ? 1 : 0,
      }),
    ),
    trip("parked", { distanceKm: "0", driverId: "driver-parked", maxSpeedKmh: 0, hardBrakes: 0 }),
    trip("worst", { distanceKm: "0.4", driverId: "driver-worst", hardBrakes: 40 }),
    trip("130", { driverId: "driver-fast", maxSpeedKmh: 130 }),
    trip("131", { driverId: "driver-fast", maxSpeedKmh: 131 }),
  );
  const known = trip("known", { driverId: "driver-known" });
  const later = new Date(Date.parse(known.eventTime) + 1000).toISOString();
  const taken = trip("taken back", { driverId: "driver-none" });
  const same = trip("same time", { driverId: "driver-same" });
  const clock = trip("two clocks", { driverId: "driver-clock", distanceKm: "40" });
  const moved = trip("moved to the next day", { driverId: "driver-none" });
  lines.box.push(
    // Of several lines of a trip the newest counts, and of equals the source first in the alphabet, then the first line.
    { ...known, eventId: uuidOf(seed.bytes(`${day} corrected`)), eventTime: later, hardBrakes: 7 },
    taken,
    { ...same, distanceKm: "50", hardBrakes: 2 },
    { ...same, distanceKm: "50", hardBrakes: 5 },
    { ...clock, eventTime: `${day}T10:30:00+02:00`, hardBrakes: 1 },
    { ...moved, ...at(`${after}T00:00:01Z`) },
    trip("quoted", { driverId: 'driver-o\'neil \\ "quoted"' }),
  );
  lines.partner.push(
    known,
    {
      ...taken,
      status: "cancelled",
      eventTime: new Date(Date.parse(taken.eventTime) + 5).toISOString(),
    },
    { ...same, distanceKm: "50", hardBrakes: 4 },
    // Newer, though as text it is smaller.
    { ...clock, eventTime: `${day}T09:30:00Z`, hardBrakes: 6 },
    moved,
  );
  return lines;
}

/** 32 km together; added up as floats, in whatever order, they are a little less. */
const tieDistances = ["1.026", "8.104", "4.223", "18.647"];

/** The files of a day by their paths in the lake. */
export function filesOf(day: string, lines: TripDay): Map<string, Buffer> {
  return new Map(
    Object.entries(lines).map(([source, ofSource]) => [
      `trips/date=${day}/${source}.ndjson`,
      Buffer.concat(ofSource.flatMap((line) => [bytesOf(line), Buffer.from("\n")])),
    ]),
  );
}

/** A line without its end. */
export function bytesOf(line: Line): Buffer {
  if (Buffer.isBuffer(line)) return line;
  // The number as it stands, which JSON.stringify would make a float of.
  const text = JSON.stringify({ ...line, distanceKm: "KM" });
  return Buffer.from(text.replace('"KM"', line.distanceKm));
}
