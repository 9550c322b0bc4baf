import type { Seed } from "@onramp/grading/seed";
import { withBadByte } from "@onramp/testbed/trips/bad-byte";
import { type TripEvent, tripEvent } from "@onramp/testbed/trips/trip-event";
import { shapes, type UnusualLine } from "./unusual-lines.ts";

/** A line that is no valid trip. */
export interface BrokenLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** In words for a message: "`distanceKm` is a text". */
  readonly what: string;
  /** The field that breaks the rules; undefined where the line is no event at all. */
  readonly field: string | undefined;
}

type Breakage = Pick<BrokenLine, "what" | "field"> & { apply(trip: TripEvent): Buffer };

function changed(
  field: string,
  what: string,
  change: (trip: TripEvent) => Record<string, unknown>,
): Breakage {
  return { field, what, apply: (trip) => Buffer.from(JSON.stringify(change(trip))) };
}

function without(trip: TripEvent, field: keyof TripEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(trip).filter(([name]) => name !== field));
}

const breakages: readonly Breakage[] = [
  {
    what: "it is no JSON: cut in the middle",
    field: undefined,
    apply: (trip) => Buffer.from(JSON.stringify(trip).slice(0, 90)),
  },
  {
    what: "it is no JSON, and its bytes are no UTF-8",
    field: undefined,
    apply: ({ tripId }) =>
      Buffer.concat([
        Buffer.from(`{"tripId":"${tripId}","driverId":"`),
        Buffer.from([0xff, 0xfe, 0xc3]),
      ]),
  },
  {
    what: "`driverId` holds a byte that is no UTF-8",
    field: undefined,
    apply: withBadByte,
  },
  {
    what: "it is a JSON array",
    field: undefined,
    apply: ({ eventId, tripId }) => Buffer.from(JSON.stringify([eventId, tripId])),
  },
  { what: "it is the JSON text null", field: undefined, apply: () => Buffer.from("null") },
  changed("vehicleId", "`vehicleId` is missing", (trip) => without(trip, "vehicleId")),
  changed("distanceKm", "`distanceKm` is a text", (trip) => ({ ...trip, distanceKm: "far" })),
  changed("hardBrakes", "`hardBrakes` is negative", (trip) => ({ ...trip, hardBrakes: -1 })),
  changed("status", "`status` is unknown", (trip) => ({ ...trip, status: "paused" })),
  changed("schemaVersion", "`schemaVersion` is 2", (trip) => ({ ...trip, schemaVersion: 2 })),
  changed("eventTime", "`eventTime` is no instant in UTC", (trip) => ({
    ...trip,
    eventTime: "yesterday",
  })),
  changed("eventTime", "`eventTime` has an offset and is not in UTC", (trip) => ({
    ...trip,
    eventTime: trip.eventTime.replace("Z", "+00:00"),
  })),
  changed("eventId", "`eventId` is no UUID", (trip) => ({ ...trip, eventId: "event-1" })),
  changed("vehicleId", "`vehicleId` is empty", (trip) => ({ ...trip, vehicleId: "" })),
  changed("hardBrakes", "`hardBrakes` is 1.5", (trip) => ({ ...trip, hardBrakes: 1.5 })),
  {
    what: "it has a field that no event has",
    field: undefined,
    apply: (trip) => Buffer.from(JSON.stringify({ ...trip, colour: "red" })),
  },
  {
    what: "a byte-order mark stands before the event",
    field: undefined,
    apply: (trip) => Buffer.from(`\uFEFF${JSON.stringify(trip)}`),
  },
  {
    what: "`status` is unknown, with white space around the event and \\r at the end",
    field: "status",
    apply: (trip) => Buffer.from(`  ${JSON.stringify({ ...trip, status: "paused" })} \r`),
  },
  changed("endedAt", "`endedAt` is before `startedAt`", (trip) => ({
    ...trip,
    status: "ended",
    endedAt: "2025-12-31T23:59:59.000Z",
  })),
  changed("endedAt", "`endedAt` is missing from a trip that has ended", (trip) => ({
    ...trip,
    status: "ended",
    endedAt: null,
  })),
];

/** So many lines, among them each kind of broken one at least three times and each kind of unusual one twice, at places that the seed chooses. */
export function mixedLines(
  seed: Seed,
  count: number,
): { lines: Buffer[]; trips: TripEvent[]; unusual: UnusualLine[]; broken: BrokenLine[] } {
  const brokenCount = breakages.length * 3 + seed.integer("broken lines", 1, breakages.length);
  const numbers = new Set<number>();
  for (let draw = 0; numbers.size < brokenCount + shapes.length * 2; draw += 1)
    numbers.add(seed.integer(`special line ${draw}`, 1, count));
  const brokenNumbers = [...numbers].slice(0, brokenCount);
  const unusualNumbers = [...numbers].slice(brokenCount);
  const lines: Buffer[] = [];
  const trips: TripEvent[] = [];
  const unusual: UnusualLine[] = [];
  const broken: BrokenLine[] = [];
  for (let number = 1; number <= count; number += 1) {
    const event = tripEvent(seed, "mixed", number);
    const breakage = breakages[brokenNumbers.indexOf(number) % breakages.length];
    if (breakage !== undefined) {
      const { what, field } = breakage;
      const bytes = breakage.apply(event);
      broken.push({ number, bytes, what, field });
      lines.push(bytes);
      continue;
    }
    const shape = shapes[unusualNumbers.indexOf(number) % shapes.length];
    const { trip, line } = shape?.apply(event) ?? { trip: event, line: JSON.stringify(event) };
    if (shape !== undefined) unusual.push({ number, trip, what: shape.what });
    trips.push(trip);
    lines.push(Buffer.from(line));
  }
  return { lines, trips, unusual, broken };
}
