import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { Door } from "@onramp/testbed/faults/door";
import { recordTable } from "@onramp/testbed/kafka/record-table";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { deliveredOf, demandAll } from "../delivery.ts";
import { check, type Producer, type Services, startProducer } from "../producer.ts";
import { answersLateMs, type Summary, summaryOf } from "../runs.ts";

const stopLimitMs = 10_000;
/** The 5 s of the brief, and 2 s for the way. */
const aloneLimitMs = 7000;

check(
  "stops-on-sigterm",
  { concurrent: true, withinMs: 120_000 },
  async ({ kafka, program }, context) => {
    const trips = tripEvents(context.seed, "stopping", 3000);
    const lines = trips.map((trip) => JSON.stringify(trip));
    await using producer = await startProducer({ kafka, program }, context, "stopping");
    const before = context.seed.integer("records before SIGTERM", 50, 150);
    await producer.feed(lines.slice(0, before));
    await producer.untilDelivered(before, before, 30_000);
    // Sends are under way when the signal comes, however busy the machine is: none of them is answered before.
    await producer.door.slow(answersLateMs);
    // Not waited for: a program may leave lines in the pipe.
    void producer.feed(lines.slice(before));
    await producer.untilDelivered(before + 1, trips.length);
    const when = "with lines on their way";
    const { read, delivered, rejected } = await stopped(producer, when, async () =>
      producer.door.heal(),
    );
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
        {
          expected: `the first ${read} lines`,
          actual: `${records.length} records`,
        },
      );
    }
    // A program that looks for the signal at the next line alone does not end without one, and with one seems to be right.
    await stopsWhenIdle({ kafka, program }, context, "idle");
    await stopsWhenIdle({ kafka, program }, context, "idle and then fed", { isFed: true });
  },
);

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
  const lines = tripEvents(context.seed, purpose, 22).map((trip) => JSON.stringify(trip));
  const trips = lines.slice(0, 21);
  await using producer = await startProducer(services, context, purpose);
  await producer.feed(trips.slice(0, 20));
  await producer.untilDelivered(20, 20);
  await producer.feed(trips.slice(20));
  const what = "A line that comes alone is a record, with the input open";
  await producer.until(what, aloneLimitMs, async () => {
    const { length } = producer.trips.records;
    return { done: length === trips.length, seen: `${length} of ${trips.length} records` };
  });
  const { read } = await stopped(producer, "with no line on its way", async () => {
    if (!isFed || (await producer.program.container.waitForEnd(1000)) !== undefined) return;
    void producer.feed(lines.slice(21));
  });
  if (read !== trips.length) {
    fail(`After ${trips.length} lines and SIGTERM the summary says that ${read} were read.`, {
      expected: `read = ${trips.length}`,
      actual: `read = ${read}`,
    });
  }
  const { length } = await producer.trips.readToEnd(context.signal);
  if (length === trips.length) return;
  fail(`After ${trips.length} lines and SIGTERM, ${length} records stand in the topic.`, {
    expected: `${trips.length} records`,
    actual: `${length} records`,
  });
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
