// The rows of `driving_score`, worked out in whole numbers and compared in words.

/** A row beside its day and driver. */
export interface ScoreRow {
  /** With two decimals. */
  readonly score: string;
  readonly trips: number;
  readonly complete: boolean;
}

export type ScoresByDriver = ReadonlyMap<string, ScoreRow>;

/** What a score is made of. */
export interface ScoredTrip {
  readonly driverId: string;
  /** With at most three decimals; text where it must not become a float. */
  readonly distanceKm: number | string;
  readonly maxSpeedKmh: number;
  readonly hardBrakes: number;
  readonly hardAccelerations: number;
}

const speedLimitKmh = 130;

/** The rows that the trips of a day come to. */
export function scoresOf(trips: readonly ScoredTrip[], complete: boolean): ScoresByDriver {
  const byDriver = Map.groupBy(trips, ({ driverId }) => driverId);
  return new Map(
    [...byDriver].map(([driverId, ofDriver]) => [
      driverId,
      { score: scoreOf(ofDriver), trips: ofDriver.length, complete },
    ]),
  );
}

function scoreOf(trips: readonly ScoredTrip[]): string {
  const sum = (value: (trip: ScoredTrip) => number): number =>
    trips.reduce((total, trip) => total + value(trip), 0);
  const metres = Math.max(
    sum(({ distanceKm }) => Math.round(Number(distanceKm) * 1000)),
    1000,
  );
  const points = sum(
    ({ hardBrakes, hardAccelerations, maxSpeedKmh }) =>
      2 * hardBrakes + hardAccelerations + (maxSpeedKmh > speedLimitKmh ? 5 : 0),
  );
  // 100 × the score is 10,000 − 10,000,000 × points ÷ metres; a half is rounded up.
  const numerator = 10_000 * metres - 10_000_000 * points;
  const hundredths = Math.max(Math.floor((2 * numerator + metres) / (2 * metres)), 0);
  return (hundredths / 100).toFixed(2);
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
