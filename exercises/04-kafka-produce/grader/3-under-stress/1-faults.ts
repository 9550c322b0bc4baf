import { setTimeout as pause } from "node:timers/promises";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { deliveredOf, demandAll, demandOnce, demandOrder } from "../delivery.ts";
import { check, startProducer } from "../producer.ts";
import { loseAnAnswer, retriedRun } from "../runs.ts";

check(
  "keeps-the-order",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, program }, context) => {
    const { trips, delivered } = await retriedRun({ kafka, program }, context);
    demandAll(trips, delivered, context, "after the way to the broker was cut");
    demandOrder(trips, delivered, context);
  },
);

check(
  "doubles-nothing",
  { concurrent: true, withinMs: 180_000 },
  async ({ kafka, program }, context) => {
    const { trips, delivered } = await retriedRun({ kafka, program }, context);
    demandAll(trips, delivered, context, "after the way to the broker was cut");
    demandOnce(delivered, context, "after the broker's answers to some sends were lost");
  },
);

/** How long the broker is away, in milliseconds: a client that tries five times with its default pauses has given up by then. */
const awayMs = 12_000;

check(
  "survives-a-broker-restart",
  { concurrent: true, withinMs: 180_000 },
  async ({ program }, context) => {
    const trips = tripEvents(context.seed, "restart", 900);
    const lines = trips.map((trip) => JSON.stringify(trip));
    // A broker of its own: the others go on beside it.
    await using kafka = await startKafka(context.job, { name: "kafka-b" });
    await using producer = await startProducer({ kafka, program }, context, "restart");
    await producer.feed(lines.slice(0, 300));
    await producer.untilDelivered(context.seed.integer("records before the restart", 50, 250), 300);
    await loseAnAnswer(kafka, producer, trips.slice(300, 350));
    // Lines go on coming, a few at a time, so that some come while nobody is there to take them.
    const awayUntil = performance.now() + awayMs;
    const restarting = kafka.restart();
    let fed = 350;
    for (; fed < 800 && performance.now() < awayUntil; fed += 5) {
      await producer.feed(lines.slice(fed, fed + 5));
      await pause(200);
    }
    await restarting;
    await producer.door.heal();
    await producer.feed(lines.slice(fed));
    await producer.finish(60_000);
    await using reader = await kafka.read(producer.tripsTopic);
    const delivered = deliveredOf(await reader.readToEnd(context.signal));
    const when = "after the broker was restarted in the middle";
    demandAll(trips, delivered, context, when);
    demandOnce(delivered, context, when);
    demandOrder(trips, delivered, context);
  },
);
