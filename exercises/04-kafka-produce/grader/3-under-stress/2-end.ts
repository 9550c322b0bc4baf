import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { Door } from "@onramp/testbed/faults/door";
import { recordTable } from "@onramp/testbed/kafka/record-table";
import { type TripEvent, tripEvents } from "@onramp/testbed/trips/trip-event";
import { deliveredOf, demandAll, demandOrder } from "../delivery.ts";
import { check, type Producer, type Services, startProducer } from "../producer.ts";
import { holdAnAnswer, type Summary, summaryOf } from "../runs.ts";

const stopLimitMs = 10_000;
/** The 5 s of the brief, and 2 s for the way. */
const aloneLimitMs = 7000;

check(
  "stops-on-sigterm",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, program }, context) => {
    const services = { kafka, program };
    await stopsUnderWay(services, context);
    // A program that looks for the signal at the next line alone does not end without one, and with one seems to be right.
    await stopsWhenIdle(services, context, "idle");
    await stopsWhenIdle(services, context, "idle and then fed", { isFed: true });
  },
);

/** Stops the program in the middle of its lines. */
async function stopsUnderWay(services: Services, context: CheckContext): Promise<void> {
  const trips = tripEvents(context.seed, "stopping", 3000);
  await using producer = await startProducer(services, context, "stopping");
  const before = context.seed.integer("lines before the late answers", 50, 150);
  await producer.feed(trips.slice(0, before).map((trip) => JSON.stringify(trip)));
  await producer.untilDelivered(before, before, 30_000);
  // Sends are under way when the signal comes, and only their answers end them.
  const heldUntil = await holdAnAnswer(services.kafka, producer, trips.slice(before));
  let hasWaited = true;
  const summary = await stopped(producer, "with lines on their way", async () => {
    const leftMs = Math.max(0, Math.ceil(heldUntil - performance.now()));
    const end = await producer.program.container.waitForEnd(leftMs);
    hasWaited = end === undefined || performance.now() >= heldUntil;
    await producer.door.heal();
  });
  await demandWhatWasRead(producer, trips, summary, context);
  if (hasWaited) return;
  fail(
    "The program ended while the broker had not answered its last send, and its summary counts those records as delivered.",
    { expected: "an end after the broker's answers", actual: "an end before them" },
  );
}

/**
 * Starts the program anew, and stops it when nothing is on its way.
 * @param isFed whether another line comes after the signal
 */
async function stopsWhenIdle(
  services: Services,
  context: CheckContext,
  purpose: string,
  { isFed = false }: { readonly isFed?: boolean } = {},
): Promise<void> {
  const trips = tripEvents(context.seed, purpose, 22);
  const lines = trips.map((trip) => JSON.stringify(trip));
  const late = lines.splice(-1);
  await using producer = await startProducer(services, context, purpose);
  await producer.feed(lines.slice(0, 20));
  await producer.untilDelivered(20, 20);
  await producer.feed(lines.slice(20));
  const what = "A line that comes alone is a record, with the input open";
  await producer.until(what, aloneLimitMs, async () => {
    const { length } = producer.trips.records;
    return { done: length === lines.length, seen: `${length} of ${lines.length} records` };
  });
  const summary = await stopped(producer, "with no line on its way", async () => {
    if (!isFed || (await producer.program.container.waitForEnd(1000)) !== undefined) return;
    void producer.feed(late);
  });
  if (summary.read !== lines.length) {
    fail(
      `After ${lines.length} lines and SIGTERM the summary says that ${summary.read} were read.`,
      {
        expected: `read = ${lines.length}`,
        actual: `read = ${summary.read}`,
      },
    );
  }
  await demandWhatWasRead(producer, trips, summary, context);
}

/** Fails unless the first lines, as many as the summary says, stand in the topic: each once, and a vehicle's in order. */
async function demandWhatWasRead(
  producer: Producer,
  trips: readonly TripEvent[],
  { read, delivered, rejected }: Summary,
  context: CheckContext,
): Promise<void> {
  const records = deliveredOf(await producer.trips.readToEnd(context.signal));
  const deadLetters = await producer.deadLetters.readToEnd(context.signal);
  if (deadLetters.length > 0) {
    context.evidence("The dead letters", recordTable(deadLetters));
    fail(`Every line was valid, and ${deadLetters.length} stand in the dead-letter topic.`, {
      expected: "no dead letter",
      actual: `${deadLetters.length} dead letters`,
    });
  }
  if (read !== delivered || rejected !== 0 || read > trips.length) {
    fail(
      `The summary says that ${read} valid lines were read, ${delivered} delivered and ${rejected} rejected.`,
      {
        expected: "read = delivered, none rejected",
        actual: JSON.stringify({ read, delivered, rejected }),
      },
    );
  }
  const taken = trips.slice(0, read);
  demandAll(taken, records, context, `although the summary says that ${read} lines were read`);
  if (records.length !== taken.length) {
    fail(
      `The summary says that ${read} lines were read; ${records.length} records stand in the topic.`,
      { expected: `the first ${read} lines`, actual: `${records.length} records` },
    );
  }
  demandOrder(taken, records, context);
}

/**
 * Sends SIGTERM and fails unless the program ends well in time.
 * @param afterSignal what happens to it between the signal and its end
 * @returns its summary
 */
async function stopped(
  producer: Producer,
  when: string,
  afterSignal: () => Promise<void>,
): Promise<Summary> {
  const { container } = producer.program;
  await container.kill("SIGTERM");
  await afterSignal();
  const end = await container.waitForEnd(stopLimitMs);
  await producer.keepLog();
  const seconds = `${stopLimitMs / 1000} s`;
  const expected = `exit code 0 within ${seconds} of SIGTERM, with stdin open`;
  if (end === undefined) {
    fail(`The program was still running ${seconds} after SIGTERM, ${when}.`, {
      expected,
      actual: "still running",
    });
  }
  if (end.exitCode !== 0) {
    const actual = (await container.describeEnd()) ?? "";
    fail(`After SIGTERM, ${when}, ${actual}.`, { expected, actual });
  }
  return summaryOf((await container.logs()).stdout);
}

const giveUpLimitMs = 30_000;

check("gives-up-with-the-address", { concurrent: true }, async ({ kafka, program }, context) => {
  const fault = (door: Door): Promise<void> => door.shut();
  await using producer = await startProducer({ kafka, program }, context, "absent", { fault });
  const { door, program: running } = producer;
  await producer.feed(tripEvents(context.seed, "absent", 10).map((trip) => JSON.stringify(trip)));
  running.input.close();
  const end = await running.container.waitForEnd(giveUpLimitMs);
  await producer.keepLog();
  const expected = `an exit code other than 0 within ${giveUpLimitMs / 1000} s, and a message on stderr with ${door.address}`;
  if (end === undefined) {
    fail(`The program was still running after ${giveUpLimitMs / 1000} s without a broker.`, {
      expected,
      actual: "still running",
    });
  }
  if (end.exitCode === 0)
    fail("The program ended with exit code 0, and there was no broker.", {
      expected,
      actual: "exit code 0",
    });
  const { stderr } = await running.container.logs();
  if (stderr.includes(door.address)) return;
  const ending = `The program ended with exit code ${end.exitCode}`;
  fail(`${ending}, and no message on stderr names ${door.address}.`, {
    expected,
    actual: stderr.trim().split("\n").at(-1) || "nothing on stderr",
  });
});
