// The rows that a day has to have.
import { type ScoresByDriver, scoresOf } from "@onramp/testbed/driving-score/score-rows";
import { bytesOf, type Line, sources, type TripDay, type TripLine } from "./trip-files.ts";

/** What the sources of a day come to. It is complete when no source is missing. */
export function expectedScores(day: string, lines: TripDay): ScoresByDriver {
  const complete = sources.every((source) => lines[source] !== undefined);
  return scoresOf(
    countedTrips(lines).filter((trip) => isOf(day, trip)),
    complete,
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
