import { fail } from "@onramp/grading/check-failure";
import { manyLines } from "../many-lines.ts";
import { check, startProducer } from "../producer.ts";

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
    let records = 0;
    await using reader = await kafka.read(producer.tripsTopic, {
      onRecord: ({ value }) => {
        records += 1;
        const [, id] = /"eventId"\s*:\s*"([^"]+)"/.exec(value?.toString("latin1") ?? "") ?? [];
        if (id !== undefined) ids.add(id);
      },
    });
    await reader.readToEnd(signal);
    context.evidence("How far it came", `${ids.size} of ${largeInput} trips in ${seconds} s`);
    if (ids.size === largeInput && records === largeInput) return;
    const actual = `${ids.size} of ${largeInput} trips, in ${records} records`;
    fail(`The program ended with 0, and in the topic are ${actual}.`, {
      expected: `${largeInput} trips, each in one record`,
      actual,
    });
  },
);
