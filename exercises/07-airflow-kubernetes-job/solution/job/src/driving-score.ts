import type { Trip } from "./trip.ts";

const speedLimitKmh = 130;

/**
 * The score of a driver's trips, as the ticket of stage 06 has it: 100 − 100 × (2·b + a + 5·s) / max(km, 1), at least 0,
 * with two decimals, half away from zero. As text, because PostgreSQL makes a NUMERIC of it without a float in between.
 */
export function scoreOf(trips: readonly Trip[]): string {
  const sum = (value: (trip: Trip) => number): number =>
    trips.reduce((total, trip) => total + value(trip), 0);
  // In whole metres: distances have at most three decimals, and sums of floats go wrong in the last place.
  const metres = Math.max(
    sum(({ distanceKm }) => Math.round(distanceKm * 1000)),
    1000,
  );
  const points = sum(
    ({ hardBrakes, hardAccelerations, maxSpeedKmh }) =>
      2 * hardBrakes + hardAccelerations + (maxSpeedKmh > speedLimitKmh ? 5 : 0),
  );
  // A hundred times the score is 10,000 − 10,000,000 × points / metres.
  const numerator = 10_000 * metres - 10_000_000 * points;
  const hundredths = Math.max(Math.floor((2 * numerator + metres) / (2 * metres)), 0);
  return (hundredths / 100).toFixed(2);
}
