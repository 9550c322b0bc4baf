import type { TripEvent } from "./trip-event.ts";

/** An event as JSON, with a byte in the driver's name that is no UTF-8: who decodes it without a look sees another name. */
export function withBadByte(event: TripEvent): Buffer {
  const [before = "", after = ""] = JSON.stringify(event).split(event.driverId);
  return Buffer.concat([
    Buffer.from(before + event.driverId),
    Buffer.from([0xf6]),
    Buffer.from(after),
  ]);
}
