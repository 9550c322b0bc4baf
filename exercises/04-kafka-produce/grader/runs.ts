// The runs of the program that several checks look at.
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { sharedRun } from "@onramp/grading/shared-run";
import { type TripEvent, tripEvents } from "@onramp/testbed/trips/trip-event";
import { mixedLines } from "./broken-lines.ts";
import { deliveredOf } from "./delivery.ts";
import { type Services, startProducer } from "./producer.ts";

const finishMs = 30_000;

/** 1,000 valid trips, end of input. */
export const cleanRun = sharedRun(async (services: Services, context) => {
  const trips = tripEvents(context.seed, "clean", 1000);
  await using producer = await startProducer(services, context, "clean");
  await producer.feed(trips.map((trip) => JSON.stringify(trip)));
  await producer.finish(finishMs);
  const records = await producer.trips.readToEnd(context.signal);
  return { trips, records, topic: producer.tripsTopic };
});

/** 1,000 lines, of them some broken, end of input. */
export const mixedRun = sharedRun(async (services: Services, context) => {
  const { lines, trips, broken } = mixedLines(context.seed, 1000);
  await using producer = await startProducer(services, context, "mixed");
  await producer.feed(lines);
  await producer.finish(finishMs);
  const { stdout } = await producer.program.container.logs();
  return {
    lines,
    trips,
    broken,
    delivered: deliveredOf(await producer.trips.readToEnd(context.signal)),
    rejected: await producer.deadLetters.readToEnd(context.signal),
    stdout,
  };
});

/**
 * Trips that flow while the way to the broker breaks twice: first its answers are lost, so that the broker has records
 * which the program has to take for unsent; then nothing passes at all.
 */
export const retriedRun = sharedRun(async (services: Services, context) => {
  const trips = tripEvents(context.seed, "retried", 800, { vehicles: 8 });
  const parts = [200, 250, 400, 600, trips.length];
  const lines = trips.map((trip) => JSON.stringify(trip));
  const part = (index: number): string[] => lines.slice(parts[index - 1] ?? 0, parts[index]);
  await using producer = await startProducer(services, context, "retried");
  const { door } = producer;
  await producer.feed(part(0));
  await producer.untilDelivered(200, 200);

  await door.cutAnswers();
  await producer.feed(part(1));
  // Whatever arrives from now on is there without its sender knowing.
  await producer.untilDelivered(201, 250);
  await producer.feed(part(2));
  await door.heal();
  await untilAllButTheLast(400);

  await door.sever();
  const before = await door.connections();
  await producer.feed(part(3));
  await eventually(
    "The program connects again after its connection to the broker was cut",
    async () => {
      const made = (await door.connections()) - before;
      return { done: made > 0, seen: `${made} new connections` };
    },
    { withinMs: 20_000, hasDied: () => producer.program.container.describeEnd() },
  );
  await door.heal();
  await producer.feed(part(4));
  await producer.finish(60_000);
  const delivered = deliveredOf(await producer.trips.readToEnd(context.signal));
  context.evidence(
    "What happened on the way",
    [
      "200 lines, delivered",
      "answers of the broker cut; 50 lines, of which the first record arrived all the same",
      "150 lines more, then healed",
      "every connection cut; 200 lines, then healed when the program had tried to connect again",
      "200 lines more, end of input",
    ].join("\n"),
  );
  return { trips, delivered };

  /** The way is whole again: the program has to get through what it could not send. */
  async function untilAllButTheLast(count: number): Promise<void> {
    await eventually(
      `All of the first ${count} trips stand in the topic, with the way to the broker whole again`,
      async () => {
        const seen = new Set(
          deliveredOf(producer.trips.records).map(({ event }) => event?.["eventId"]),
        );
        const missing = trips.slice(0, count).filter(({ eventId }) => !seen.has(eventId)).length;
        return { done: missing === 0, seen: `${missing} missing` };
      },
      { withinMs: 40_000, everyMs: 200, hasDied: () => producer.program.container.describeEnd() },
    ).catch(async (error: unknown) => {
      await producer.keepLog();
      throw error;
    });
  }
});

/** The trips' vehicles in the order of their first line. */
export function vehiclesOf(trips: readonly TripEvent[]): string[] {
  return [...new Set(trips.map(({ vehicleId }) => vehicleId))];
}

/** The closing summary: the last line of stdout that is a JSON object. */
export function summaryOf(stdout: string): { read: number; delivered: number; rejected: number } {
  const line = stdout
    .split("\n")
    .map((text) => text.trim())
    .findLast((text) => text.startsWith("{") && text.endsWith("}"));
  const parsed = parse(line);
  const { read, delivered, rejected } = parsed ?? {};
  if (typeof read === "number" && typeof delivered === "number" && typeof rejected === "number")
    return { read, delivered, rejected };
  return fail("The program printed no closing summary on stdout.", {
    expected: 'a last line such as {"read":1000,"delivered":990,"rejected":10}',
    actual: line ?? (stdout.trim().split("\n").at(-1) || "nothing on stdout"),
  });
}

function parse(line: string | undefined): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line ?? "") as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
