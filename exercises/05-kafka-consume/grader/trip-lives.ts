import { type TripEvent } from "@onramp/testbed/trips/trip-event";

/** The event of the same trip at another time, with another id and other values. */
export function laterBy(event: TripEvent, milliseconds: number): TripEvent {
  const eventTime = new Date(Date.parse(event.eventTime) + milliseconds).toISOString();
  return sibling(event, eventTime, String(milliseconds));
}

/** Another event of the same trip at a given time, told from it by its id and its values. */
export function sibling(event: TripEvent, eventTime: string, mark: string): TripEvent {
  return {
    ...event,
    eventTime,
    eventId: idFrom(event.eventId, mark),
    distanceKm: Math.round(event.distanceKm * 10 + 1 + mark.length) / 10,
    hardBrakes: event.hardBrakes + 1,
  };
}

/** Every second trip has a start before its event, as trips have: two events, in their order. */
export function severalEventsPerTrip(events: readonly TripEvent[]): TripEvent[] {
  return events.flatMap((event, index) => {
    if (index % 2 === 1) return [event];
    const start = { ...laterBy(event, -600_000), status: "started" as const, endedAt: null };
    return [start, event];
  });
}

/** Another UUID, always the same for the same two texts. */
function idFrom(uuid: string, mark: string): string {
  let sum = 0;
  for (const character of mark) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return `${sum.toString(16).padStart(8, "0")}${uuid.slice(8)}`;
}
