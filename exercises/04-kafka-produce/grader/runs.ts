// The runs of the program that several checks look at.
import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import type { KafkaService } from "@onramp/testbed/kafka/kafka-service";
import { type TripEvent, tripEvents } from "@onramp/testbed/trips/trip-event";
import { mixedLines } from "./broken-lines.ts";
import { deliveredOf } from "./delivery.ts";
import { type Producer, type Services, startProducer } from "./producer.ts";

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
  const { lines, trips, unusual, broken } = mixedLines(context.seed, 1000);
  await using producer = await startProducer(services, context, "mixed");
  await producer.feed(lines);
  const badEnd = await producer.finish(finishMs).catch((error: unknown) => error as Error);
  const { stdout } = await producer.program.container.logs();
  return {
    lines,
    trips,
    unusual,
    broken,
    delivered: deliveredOf(await producer.trips.readToEnd(context.signal)),
    rejected: await producer.deadLetters.readToEnd(context.signal),
    deadLetterTopic: producer.deadLetterTopic,
    stdout,
    /** For the checks that the end is a matter of: the requests of a program that broke off can be judged. */
    demandGoodEnd(): void {
      if (badEnd instanceof Error) throw badEnd;
    },
  };
});

/** How much longer the broker's answers take where they are late, in milliseconds. */
const answersLateMs = 2000;

/**
 * Gives the program trips whose answers are late, and waits until the broker has written one of them.
 * @returns until when none of them is answered, as `performance.now()` tells the time
 */
export async function holdAnAnswer(
  kafka: KafkaService,
  producer: Producer,
  trips: readonly TripEvent[],
): Promise<number> {
  const ids = new Set<unknown>(trips.map(({ eventId }) => eventId));
  // What a transaction has written is seen before its commit, whose answers are late too.
  await using written = await kafka.read(producer.tripsTopic, { readUncommitted: true });
  await producer.door.slow(answersLateMs);
  const heldUntil = performance.now() + answersLateMs;
  // Not waited for: a program may leave lines in the pipe.
  void producer.feed(trips.map((trip) => JSON.stringify(trip)));
  await producer.until(
    "The broker writes a record of the lines that came last",
    20_000,
    async () => {
      const seen = deliveredOf(written.records).filter(({ event }) => ids.has(event?.["eventId"]));
      return { done: seen.length > 0, seen: `${seen.length} records of them` };
    },
  );
  return heldUntil;
}

/**
 * Holds an answer, and cuts every connection with it: the broker has records which the program has to take for unsent.
 * Nothing passes until the door is healed.
 */
export async function loseAnAnswer(
  kafka: KafkaService,
  producer: Producer,
  trips: readonly TripEvent[],
): Promise<void> {
  await holdAnAnswer(kafka, producer, trips);
  await producer.door.sever();
}

/** Trips that flow while the way to the broker breaks, twice, each time with an answer lost. */
export const retriedRun = sharedRun(async (services: Services, context) => {
  const trips = tripEvents(context.seed, "retried", 800, { vehicles: 8 });
  await using producer = await startProducer(services, context, "retried");
  const { door } = producer;
  let fed = 0;
  await feed(200);
  await producer.untilDelivered(200, 200);
  for (const breaks of [1, 2]) {
    await loseAnAnswer(services.kafka, producer, trips.slice(fed, fed + 50));
    fed += 50;
    const connections = await door.connections();
    await feed(150);
    await producer.until(
      "The program connects again after its connections were cut",
      20_000,
      async () => {
        const made = (await door.connections()) - connections;
        return { done: made > 0, seen: `${made} new connections` };
      },
    );
    await door.heal();
    // What cannot get through here would hide behind the next break.
    if (breaks === 1) await untilThereAre(fed);
  }
  await feed(trips.length - fed);
  await producer.finish(60_000);
  context.evidence(
    "What happened on the way",
    [
      "200 lines, delivered",
      `twice: answers ${answersLateMs / 1000} s late and 50 lines; every connection cut as soon as the broker had written`,
      "       one of them, 150 lines more; healed when the program had tried to connect again",
      "200 lines more, end of input",
    ].join("\n"),
  );
  return { trips, delivered: deliveredOf(await producer.trips.readToEnd(context.signal)) };

  async function feed(count: number): Promise<void> {
    await producer.feed(trips.slice(fed, fed + count).map((trip) => JSON.stringify(trip)));
    fed += count;
  }

  async function untilThereAre(count: number): Promise<void> {
    const what = `All of the first ${count} trips stand in the topic, with the way to the broker whole again`;
    await producer.until(what, 40_000, async () => {
      const ids = deliveredOf(producer.trips.records).map(({ event }) => event?.["eventId"]);
      const seen = new Set(ids);
      const missing = trips.slice(0, count).filter(({ eventId }) => !seen.has(eventId)).length;
      return { done: missing === 0, seen: `${missing} missing` };
    });
  }
});

export interface Summary {
  readonly read: number;
  readonly delivered: number;
  readonly rejected: number;
}

/** The closing summary: the last line of stdout. */
export function summaryOf(stdout: string): Summary {
  const line = stdout.trim().split("\n").at(-1);
  const { read, delivered, rejected } = parse(line) ?? {};
  if (typeof read === "number" && typeof delivered === "number" && typeof rejected === "number")
    return { read, delivered, rejected };
  return fail("The program printed no closing summary on stdout.", {
    expected: 'a last line such as {"read":1000,"delivered":990,"rejected":10}',
    actual: line || "nothing on stdout",
  });
}

function parse(line: string | undefined): Record<string, unknown> | null {
  try {
    return JSON.parse(line ?? "") as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
