import type { Seed } from "@onramp/grading/seed";
import {
  bytesOf,
  type Line,
  plainDay,
  type Source,
  sources,
  type TripLine,
  tripLine,
} from "./trip-files.ts";

/** A line that breaks the rules. */
interface BadLine {
  readonly line: Buffer;
  /** In words for a message. */
  readonly what: string;
  /** What the reason has to name; undefined where any reason will do. */
  readonly names?: keyof TripLine;
  /** Stands at the end of its file, and not somewhere in it. */
  readonly isLast?: true;
}

/** Where a bad line stands. */
export interface PlacedBadLine extends BadLine {
  readonly source: Source;
  /** From 1. */
  readonly number: number;
}

export interface DayWithBadLines {
  readonly lines: Record<Source, Line[]>;
  readonly bad: readonly PlacedBadLine[];
}

/** How many lines a day with bad ones has: 5 in 100 are 8. */
export const linesOfBadDay = 160;

/** A day of {@link linesOfBadDay} lines, so many of which are bad: every kind comes before any comes again. */
export function dayWithBadLines(seed: Seed, day: string, count: number): DayWithBadLines {
  const lines: Record<Source, Line[]> = plainDay(seed, day, linesOfBadDay - count);
  const placed = Array.from({ length: count }, (_, index) => {
    const bad = badLine(tripLine(seed, day, `bad ${index}`), index);
    const source = sources[index % sources.length] ?? "app";
    if (bad.isLast) lines[source].push(bad.line);
    else lines[source].splice(seed.integer(`${day} place ${index}`, 0, 40), 0, bad.line);
    return { ...bad, source };
  });
  // Only now: a line that comes later moves those behind it.
  const bad = placed.map((each) => ({
    ...each,
    number: lines[each.source].indexOf(each.line) + 1,
  }));
  return { lines, bad };
}

const kinds: readonly ((trip: TripLine) => BadLine)[] = [
  // Python's text files end a line at a carriage return, its splitlines at U+2028 too, and the files do not.
  () => ({
    what: "no JSON, with a NUL, a carriage return and a U+2028 in it",
    line: Buffer.from("trip\0started\rand\u2028ended"),
  }),
  // In a field that takes any text, and U+FFFD with it.
  (trip) => ({
    what: "a byte that is no UTF-8",
    line: Buffer.from(bytesOf({ ...trip, driverId: "driver-\u00f6" }).toString(), "latin1"),
  }),
  (trip) => field("driverId", "no `driverId`", { ...trip, driverId: undefined }),
  (trip) => field("hardBrakes", "a negative `hardBrakes`", { ...trip, hardBrakes: -1 }),
  (trip) => field("endedAt", "no `endedAt` in a trip that has ended", { ...trip, endedAt: null }),
  () => ({ what: "the JSON text null", line: Buffer.from("null") }),
  // Where whoever strips a file loses it.
  () => ({ what: "an empty line, the last of the file", line: Buffer.from(""), isLast: true }),
  (trip) => field("tripId", "a `tripId` that is no UUID", { ...trip, tripId: "trip-1" }),
];

function badLine(trip: TripLine, index: number): BadLine {
  const kind = kinds[index % kinds.length];
  if (kind === undefined) throw new Error("There is no kind of bad line.");
  return kind(trip);
}

function field(names: keyof TripLine, what: string, event: Record<string, unknown>): BadLine {
  return { names, what, line: Buffer.from(JSON.stringify({ ...event, distanceKm: 4.5 })) };
}
