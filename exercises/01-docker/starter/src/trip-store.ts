import type { Trip } from "./trip.ts";

/** The last known state of every trip, in memory: it is gone when the process ends. */
export class TripStore {
  readonly #trips = new Map<string, Trip>();

  /** Keeps the newer of two events of one trip, so that events may come late or twice. Returns what is kept. */
  save(event: Trip): Trip {
    const known = this.#trips.get(event.tripId);
    if (known && Date.parse(known.eventTime) > Date.parse(event.eventTime)) return known;
    this.#trips.set(event.tripId, event);
    return event;
  }

  find(tripId: string): Trip | undefined {
    return this.#trips.get(tripId);
  }

  all(): Trip[] {
    return [...this.#trips.values()];
  }
}
