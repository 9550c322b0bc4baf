import type { TripEvent } from "@onramp/testbed/trips/trip-event";

/** A valid line that looks other than most. */
export interface UnusualLine {
  /** From 1. */
  readonly number: number;
  readonly trip: TripEvent;
  /** In words for a message: "it ends with \\r". */
  readonly what: string;
}

interface Shape extends Pick<UnusualLine, "what"> {
  apply(event: TripEvent): { readonly trip: TripEvent; readonly line: string };
}

function named(driverId: string, what: string, write: (text: string) => string): Shape {
  return {
    what,
    apply: (event) => {
      const trip = { ...event, driverId };
      return { trip, line: write(JSON.stringify(trip)) };
    },
  };
}

function spaced(what: string, before: string, after: string): Shape {
  return {
    what,
    apply: (trip) => ({ trip, line: `${before}${JSON.stringify(trip)}${after}` }),
  };
}

/** Where a character of UTF-16 is no ASCII. */
const foreign = /[\u0080-\uffff]/g;
const longLineBytes = 200_000;

export const shapes: readonly Shape[] = [
  spaced("it has white space around the event", "  \t", "  "),
  spaced("it ends with \\r", "", "\r"),
  spaced("it is 200 KB long, most of it white space", " ".repeat(longLineBytes), ""),
  named("driver Zoë 運転手 🚚", "its `driverId` has letters beyond ASCII", (text) => text),
  named("driver Zoë 🚚", "its `driverId` is written with \\u escapes", (text) =>
    text.replaceAll(foreign, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ),
  named("driver\u2028left", "its `driverId` holds the character U+2028", (text) => text),
  {
    what: "it has no `endedAt`, as a trip that goes on may",
    apply: (event) => {
      const trip: TripEvent = { ...event, status: "started", endedAt: null };
      return { trip, line: JSON.stringify({ ...trip, endedAt: undefined }) };
    },
  },
];
