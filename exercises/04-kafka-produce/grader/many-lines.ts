import type { Seed } from "@onramp/grading/seed";
import { tripEvents } from "@onramp/testbed/trips/trip-event";

const bases = 1000;

/** Lines of valid trips, each with an `eventId` of its own: made from a thousand, because making each takes long. */
export function* manyLines(seed: Seed, count: number): Generator<string> {
  const halves = tripEvents(seed, "large", bases).map((trip) => {
    const line = JSON.stringify(trip);
    const [before = "", after = ""] = line.split(trip.eventId);
    return { before, tail: trip.eventId.slice(8) + after };
  });
  for (let index = 0; index < count; index += 1) {
    const half = halves[index % bases];
    if (half !== undefined) yield half.before + index.toString(16).padStart(8, "0") + half.tail;
  }
}
