import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { check, openConsumption } from "./consumption.ts";
import { severalEventsPerTrip } from "./trip-lives.ts";
import { recordOf } from "@onramp/testbed/trips/trip-record";
import { expectedTrips } from "./trip-rows.ts";

check("writes-every-trip", { withinMs: 90_000 }, async ({ kafka, postgres, program }, context) => {
  const events = severalEventsPerTrip(tripEvents(context.seed, "writing", 2000));
  await using consumption = await openConsumption({ kafka, postgres, program }, context, "writing");
  await consumption.produce(events.map(recordOf));
  await using instance = await consumption.start();
  const expected = expectedTrips(events);
  const when = "whose events were in the topic before the start";
  await consumption.untilRight(expected, [instance], { withinMs: 30_000, when });
});
