import { type Seed, uuidOf } from "@onramp/grading/seed";

/** An event in the life of a trip, version 1 of the team's schema. Times are RFC 3339 in UTC. */
export interface TripEvent {
  readonly eventId: string;
  readonly schemaVersion: number;
  readonly eventTime: string;
  readonly tripId: string;
  readonly vehicleId: string;
  readonly driverId: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly distanceKm: number;
  readonly maxSpeedKmh: number;
  readonly hardBrakes: number;
  readonly hardAccelerations: number;
  readonly status: "started" | "ended" | "cancelled";
}

const hourMs = 3_600_000;
/**
 * The trips are of the last 15 hours. A broker forgets a producer whose newest record is dated more than a day back
 * (`producer.id.expiration.ms`) as soon as it restarts, and then takes a batch twice, however idempotent the producer is.
 */
const firstStart = Math.floor(Date.now() / hourMs) * hourMs - 14 * hourMs;
const statuses = ["ended", "ended", "ended", "started", "cancelled"] as const;

/**
 * A valid event whose values all come from the seed, and whose times come from it and the current hour: the same for
 * the same purpose and index, and of a trip of its own.
 */
export function tripEvent(
  seed: Seed,
  purpose: string,
  index: number,
  { vehicles = 40 }: { readonly vehicles?: number } = {},
): TripEvent {
  const bytes = seed.bytes(`${purpose} trip event ${index}`);
  const number = (offset: number, below: number): number => bytes.readUInt32BE(offset) % below;
  const status = statuses[number(32, statuses.length)] ?? "ended";
  const startedAt = firstStart + number(36, 12 * hourMs);
  const endedAt = startedAt + 60_000 + number(40, hourMs);
  return {
    eventId: uuidOf(bytes),
    schemaVersion: 1,
    eventTime: instant(status === "started" ? startedAt : endedAt),
    tripId: uuidOf(bytes.subarray(16)),
    vehicleId: `vehicle-${seed.hex("vehicles", 4)}-${number(44, vehicles)}`,
    driverId: `driver-${number(48, 5000)}`,
    startedAt: instant(startedAt),
    endedAt: status === "started" ? null : instant(endedAt),
    distanceKm: number(52, 3000) / 10,
    maxSpeedKmh: 20 + number(56, 140),
    hardBrakes: number(60, 8),
    hardAccelerations: number(28, 8),
    status,
  };
}

/** Events 0 to `count` - 1 of a purpose. */
export function tripEvents(
  seed: Seed,
  purpose: string,
  count: number,
  options: { readonly vehicles?: number } = {},
): TripEvent[] {
  return Array.from({ length: count }, (_, index) => tripEvent(seed, purpose, index, options));
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
