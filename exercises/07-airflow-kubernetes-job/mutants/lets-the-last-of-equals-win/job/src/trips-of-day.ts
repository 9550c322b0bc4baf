import type { KafkaMessage } from "kafkajs";
import { type Trip, tripEvent } from "./trip.ts";

export interface Day {
  readonly intervalStart: Date;
  readonly intervalEnd: Date;
  readonly allowedLatenessMs: number;
}

/** The trips of one day, each as its newest event tells it. */
export class TripsOfDay {
  readonly #day: Day;
  readonly #newest = new Map<string, Trip>();

  constructor(day: Day) {
    this.#day = day;
  }

  /** Takes a record of the topic, whatever day it is about. */
  take({ value, timestamp }: KafkaMessage): void {
    const { intervalEnd, allowedLatenessMs } = this.#day;
    if (Number(timestamp) >= intervalEnd.getTime() + allowedLatenessMs) return;
    const trip = parse(value);
    if (trip === undefined) return;
    const known = this.#newest.get(trip.tripId);
    // A trip's events are in one partition, so that of equals the first to come is the one with the smaller offset.
    if (known !== undefined && Date.parse(trip.eventTime) < Date.parse(known.eventTime)) return;
    this.#newest.set(trip.tripId, trip);
  }

  /** Those that count, by their drivers. */
  byDriver(): Map<string, Trip[]> {
    const counted = [...this.#newest.values()].filter((trip) => this.#isOfDay(trip));
    return Map.groupBy(counted, ({ driverId }) => driverId);
  }

  #isOfDay({ status, endedAt }: Trip): boolean {
    if (status !== "ended" || endedAt === null) return false;
    const instant = Date.parse(endedAt);
    return (
      instant >= this.#day.intervalStart.getTime() && instant < this.#day.intervalEnd.getTime()
    );
  }
}

/** The event in a record; undefined where there is none that keeps the rules. */
function parse(value: Buffer | null) {
  if (value === null) return undefined;
  try {
    return tripEvent.safeParse(JSON.parse(value.toString())).data;
  } catch {
    return undefined;
  }
}
