import { setTimeout as pause } from "node:timers/promises";
import { fail } from "@onramp/grading/check-failure";
import type { Door } from "@onramp/testbed/faults/door";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import { recordTable } from "@onramp/testbed/kafka/record-table";
import { tripEvents } from "@onramp/testbed/trips/trip-event";
import { deliveredOf, demandAll, demandOnce, demandOrder } from "./delivery.ts";
import { manyLines } from "./many-lines.ts";
import { check, startProducer } from "./producer.ts";
import { retriedRun, summaryOf } from "./runs.ts";

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
    // Lines go on coming, a few at a time, so that some come while nobody is there to take them.
    let fed = 300;
    const back = new AbortController();
    const restarting = kafka.restart().finally(() => back.abort());
    for (; !back.signal.aborted && fed < 600; fed += 5) {
      await producer.feed(lines.slice(fed, fed + 5));
      await Promise.race([restarting, pause(50)]);
    }
    await restarting;
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

const stopLimitMs = 10_000;

check("stops-on-sigterm", { concurrent: true }, async ({ kafka, program }, context) => {
  const trips = tripEvents(context.seed, "stopping", 3000);
  // Answers take a while, so that sends are under way when the signal comes.
  const fault = (door: Door): Promise<void> => door.slow(50);
  await using producer = await startProducer({ kafka, program }, context, "stopping", { fault });
  // Not waited for: a program may leave lines in the pipe.
  void producer.feed(trips.map((trip) => JSON.stringify(trip)));
  const before = context.seed.integer("records before SIGTERM", 50, 150);
  await producer.untilDelivered(before, trips.length, 30_000);
  await producer.program.container.kill("SIGTERM");
  const end = await producer.program.container.waitForEnd(stopLimitMs);
  await producer.keepLog();
  const expected = `exit code 0 within ${stopLimitMs / 1000} s of SIGTERM, with stdin open`;
  if (end === undefined) {
    fail(`The program was still running ${stopLimitMs / 1000} s after SIGTERM.`, {
      expected,
      actual: "still running",
    });
  }
  if (end.exitCode !== 0) {
    const actual = (await producer.program.container.describeEnd()) ?? "";
    fail(`After SIGTERM ${actual}.`, { expected, actual });
  }
  const { stdout } = await producer.program.container.logs();
  const { read, delivered, rejected } = summaryOf(stdout);
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
  if (records.length === taken.length) return;
  fail(
    `The summary says that ${read} lines were read; ${records.length} records stand in the topic.`,
    {
      expected: `the first ${read} lines`,
      actual: `${records.length} records`,
    },
  );
});

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

const largeInput = 300_000;
const largeLimitMs = 180_000;

check(
  "stays-small",
  { concurrent: true, withinMs: largeLimitMs + 60_000 },
  async ({ kafka, program }, context) => {
    const { seed, signal } = context;
    const memoryBytes = 192 * 1024 ** 2;
    await using producer = await startProducer({ kafka, program }, context, "large", {
      memoryBytes,
      isLarge: true,
    });
    const { container, input } = producer.program;
    const start = performance.now();
    const feeding = producer.feed(manyLines(seed, largeInput));
    const ending = container.waitForEnd(largeLimitMs);
    await Promise.race([feeding, ending]);
    input.close();
    const end = await ending;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    await producer.keepLog();
    if (end?.exitCode !== 0) {
      const how =
        end === undefined
          ? `the program was still running after ${largeLimitMs / 1000} s`
          : ((await container.describeEnd()) ?? "");
      fail(`With 192 MB of memory and ${largeInput} lines, ${how} (${seconds} s).`, {
        expected: `${largeInput} trips and exit code 0 within ${largeLimitMs / 1000} s`,
        actual: how,
      });
    }
    // Counted afterwards: reading takes time from the program.
    const ids = new Set<string>();
    await using reader = await kafka.read(producer.tripsTopic, {
      onRecord: ({ value }) => {
        const [, id] = /"eventId"\s*:\s*"([^"]+)"/.exec(value?.toString("latin1") ?? "") ?? [];
        if (id !== undefined) ids.add(id);
      },
    });
    await reader.readToEnd(signal);
    context.evidence("How far it came", `${ids.size} of ${largeInput} trips in ${seconds} s`);
    if (ids.size === largeInput) return;
    fail(`The program ended with 0, and ${ids.size} of ${largeInput} trips are in the topic.`, {
      expected: `${largeInput} trips`,
      actual: `${ids.size} trips`,
    });
  },
);
