// The rows that a day has to have, worked out in whole numbers.
import { bytesOf, type Line, sources, type TripDay, type TripLine } from "./trip-files.ts";

/** A row of `driving_score` beside its day and driver. */
export interface ScoreRow {
  /** With two decimals. */
  readonly score: string;
  readonly trips: number;
  readonly complete: boolean;
}

export type ScoresByDriver = ReadonlyMap<string, ScoreRow>;

const speedLimitKmh = 130;

/** What the sources of a day come to. It is complete when no source is missing. */
export function expectedScores(day: string, lines: TripDay): ScoresByDriver {
  const complete = sources.every((source) => lines[source] !== undefined);
  const byDriver = Map.groupBy(
    countedTrips(lines).filter((trip) => isOf(day, trip)),
    ({ driverId }) => driverId,
  );
  return new Map(
    [...byDriver].map(([driverId, trips]) => [
      driverId,
      { score: scoreOf(trips), trips: trips.length, complete },
    ]),
  );
}

/** The line that counts of each trip: the newest, and of equals the first. */
function countedTrips(lines: TripDay): TripLine[] {
  const newest = new Map<string, TripLine>();
  for (const line of sources.flatMap((source) => lines[source] ?? []).filter(isTrip)) {
    const known = newest.get(line.tripId);
    if (known === undefined || Date.parse(line.eventTime) > Date.parse(known.eventTime))
      newest.set(line.tripId, line);
  }
  return [...newest.values()];
}

function isTrip(line: Line): line is TripLine {
  return !Buffer.isBuffer(line);
}

function isOf(day: string, { status, endedAt }: TripLine): boolean {
  if (status !== "ended" || endedAt === null) return false;
  return new Date(endedAt).toISOString().startsWith(day);
}

function scoreOf(trips: readonly TripLine[]): string {
  const sum = (value: (trip: TripLine) => number): number =>
    trips.reduce((total, trip) => total + value(trip), 0);
  const metres = Math.max(sum(metresOf), 1000);
  const points = sum(
    ({ hardBrakes, hardAccelerations, maxSpeedKmh }) =>
      2 * hardBrakes + hardAccelerations + (maxSpeedKmh > speedLimitKmh ? 5 : 0),
  );
  // 100 × the score is 10,000 − 10,000,000 × points ÷ metres; a half is rounded up.
  const numerator = 10_000 * metres - 10_000_000 * points;
  const hundredths = Math.max(Math.floor((2 * numerator + metres) / (2 * metres)), 0);
  return (hundredths / 100).toFixed(2);
}

function metresOf({ distanceKm }: TripLine): number {
  return Math.round(Number(distanceKm) * 1000);
}

/** The first thing in which rows are not as they have to be, in words; undefined when all are right. */
export function firstDifference(
  expected: ScoresByDriver,
  rows: ScoresByDriver,
): string | undefined {
  for (const [driver, row] of expected) {
    const seen = rows.get(driver);
    if (seen === undefined)
      return `${rows.size} rows; ${driver} has none, and should have ${inWords(row)}`;
    if (inWords(seen) !== inWords(row))
      return `${driver} has ${inWords(seen)}, and should have ${inWords(row)}`;
  }
  const surplus = [...rows.keys()].find((driver) => !expected.has(driver));
  if (surplus === undefined) return undefined;
  return `${rows.size} rows; ${surplus} has one, and should have none`;
}

function inWords({ score, trips, complete }: ScoreRow): string {
  return `score ${score}, trips ${trips}, complete ${complete}`;
}

/** A driver's lines as they stand in the files, for evidence. */
export function linesOfDriver(driver: string, lines: TripDay): string {
  return sources
    .flatMap((source) =>
      (lines[source] ?? [])
        .filter((line) => isTrip(line) && line.driverId === driver)
        .map((line) => `${source}: ${bytesOf(line).toString()}`),
    )
    .join("\n");
}
