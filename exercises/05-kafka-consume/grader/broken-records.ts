import type { Seed } from "@onramp/grading/seed";
import { withBadByte } from "@onramp/testbed/trips/bad-byte";
import { type TripEvent, tripEvent } from "@onramp/testbed/trips/trip-event";
import { tripPartitions, recordOf, type TripRecord } from "@onramp/testbed/trips/trip-record";

/** A record that cannot become a row. */
export interface BrokenRecord {
  readonly record: TripRecord;
  /** In words for a message. */
  readonly what: string;
  /** What the reason has to name; undefined where any reason will do. */
  readonly names: string | undefined;
}

type Breakage = Omit<BrokenRecord, "record"> & {
  readonly apply: (record: TripRecord, event: TripEvent) => TripRecord;
};

function field(
  names: keyof TripEvent,
  what: string,
  change: (event: TripEvent) => Record<string, unknown>,
): Breakage {
  return {
    names,
    what,
    apply: (record, event) => ({ ...record, value: JSON.stringify(change(event)) }),
  };
}

const breakages: readonly Breakage[] = [
  { what: "no JSON", names: undefined, apply: (record) => ({ ...record, value: "trip started" }) },
  {
    what: "no JSON, and no UTF-8",
    names: undefined,
    apply: (record) => ({ ...record, value: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3]) }),
  },
  {
    what: "a byte within the event that is no UTF-8",
    names: undefined,
    apply: (record, event) => ({ ...record, value: withBadByte(event) }),
  },
  { what: "no value", names: undefined, apply: (record) => ({ ...record, value: null }) },
  {
    what: "the JSON text null",
    names: undefined,
    apply: (record) => ({ ...record, value: "null" }),
  },
  field("distanceKm", "`distanceKm` is a text", (event) => ({ ...event, distanceKm: "far" })),
  field("status", "`status` is unknown", (event) => ({ ...event, status: "paused" })),
  field("schemaVersion", "`schemaVersion` is 2", (event) => ({ ...event, schemaVersion: 2 })),
  field("tripId", "`tripId` is no UUID", (event) => ({ ...event, tripId: "trip-1" })),
  field("eventTime", "`eventTime` is no instant", (event) => ({ ...event, eventTime: "today" })),
  field("hardBrakes", "`hardBrakes` is negative", (event) => ({ ...event, hardBrakes: -1 })),
  field("endedAt", "`endedAt` is missing from a trip that has ended", (event) => ({
    ...event,
    status: "ended",
    endedAt: null,
  })),
  { what: "no key", names: "key", apply: (record) => ({ ...record, key: null }) },
  { what: "an empty key", names: "key", apply: (record) => ({ ...record, key: "" }) },
];

/** Each kind of broken record once in every partition. */
export function brokenRecords(seed: Seed): BrokenRecord[] {
  return Array.from({ length: tripPartitions }, (_, partition) =>
    breakages.map(({ what, names, apply }, index) => {
      const event = tripEvent(seed, "broken", partition * breakages.length + index);
      return { record: { ...apply(recordOf(event), event), partition }, what, names };
    }),
  ).flat();
}
