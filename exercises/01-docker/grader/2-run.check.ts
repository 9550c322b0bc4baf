import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { RunningContainer } from "@onramp/testbed/docker/running-container";
import {
  answerOf,
  check,
  cleanImage,
  exchangeTrip,
  keepLog,
  portFor,
  processTable,
  untilItServes,
} from "./trip-api.ts";

check("answers-on-its-port", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const port = portFor(context.seed, "answering");
  context.evidence("How it was run", `PORT=${port}`);
  await using container = await docker.run({ image: tag, environment: { PORT: String(port) } });
  await untilItServes(container, port, context);
  await exchangeTrip(container, port, context, "answering");
});

check("runs-read-only-without-capabilities", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const port = portFor(context.seed, "read-only");
  await using container = await docker.run({
    image: tag,
    environment: { PORT: String(port) },
    isHardened: true,
  });
  await untilItServes(container, port, context);
  await exchangeTrip(container, port, context, "read-only");
});

const reportDelayMs = 2000;
const stopLimitMs = 5000;

check("stops-on-sigterm", {}, async ({ docker }, context) => {
  const { evidence, seed, signal } = context;
  const { tag } = await cleanImage(docker, context);
  const port = portFor(seed, "stopping");
  await using container = await docker.run({ image: tag, environment: { PORT: String(port) } });
  await untilItServes(container, port, context);
  evidence("The processes in the container", processTable(await container.processes()));

  const underWay = Promise.withResolvers<void>();
  const path = `/reports/daily?delayMs=${reportDelayMs}`;
  const report = container
    .ask(port, { path, withinMs: 10_000, signal, onUnderWay: underWay.resolve })
    .then(
      ({ status }) => `status ${status}`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  await Promise.race([underWay.promise, report]);
  // What stops a container sends the image's own signal, if it names one.
  const { StopSignal } = (await docker.inspectImage(tag)).Config as { StopSignal?: string };
  const stopSignal = StopSignal ?? "SIGTERM";
  await container.kill(stopSignal);
  const end = await container.waitForEnd(stopLimitMs);
  // A container that still runs answers late or never; the verdict does not need to wait for that.
  const answer = end === undefined ? "not waited for" : await report;
  await keepLog(container, evidence);

  const faults: string[] = [];
  if (end === undefined)
    faults.push(`the container was still running ${stopLimitMs / 1000} s after ${stopSignal}`);
  else if (end.exitCode !== 0) faults.push(`the container ended with exit code ${end.exitCode}`);
  if (end !== undefined && answer !== "status 200")
    faults.push(`the request under way was lost (${answer})`);
  if (faults.length === 0) return;
  fail(`${sentence(faults.join(", and "))}.`, {
    expected: `the request under way (${path}) gets its 200, and the container ends with exit code 0 within ${stopLimitMs / 1000} s`,
    actual: faults.join(", and "),
  });
});

const healthcheck = { intervalMs: 500, timeoutMs: 3000, retries: 2 };

check("reports-its-health", {}, async ({ docker }, context) => {
  const { evidence, seed, signal } = context;
  const { tag } = await cleanImage(docker, context);
  const test = (await docker.inspectImage(tag)).Config.Healthcheck?.Test ?? [];
  if (test.length === 0 || test[0] === "NONE") {
    fail(
      "The image has no HEALTHCHECK, so nobody can tell a service that hangs from one that works.",
      {
        expected: "a HEALTHCHECK with a command",
        actual: "none",
      },
    );
  }
  const port = portFor(seed, "health");
  evidence(
    "How it was run",
    `PORT=${port}, HEALTHCHECK ${JSON.stringify(test)} every ${healthcheck.intervalMs} ms`,
  );
  const environment = { PORT: String(port), TRIP_API_DEBUG: "1" };
  await using container = await docker.run({ image: tag, environment, healthcheck });
  await untilItServes(container, port, context);
  await untilHealthIs("healthy", "while the service answers", container, context);
  const hang = { method: "POST", path: "/debug/hang", signal };
  const { status } = await answerOf(container, port, hang, context);
  if (status !== 202) {
    fail(
      `The switch that makes trip-api hang (POST /debug/hang) answered ${status}. It is on when TRIP_API_DEBUG=1 reaches the service.`,
      { expected: "the container's variables reach the service, and 202", actual: String(status) },
    );
  }
  await untilHealthIs(
    "unhealthy",
    "while the service accepts requests and answers none",
    container,
    context,
  );
});

async function untilHealthIs(
  health: string,
  when: string,
  container: RunningContainer,
  { evidence, signal }: CheckContext,
): Promise<void> {
  try {
    await eventually(
      `The container is ${health} ${when}`,
      async () => {
        const state = await container.state();
        return {
          done: state.health === health,
          seen: `${state.health}; the command's last result: ${state.healthLog.at(-1) ?? "none yet"}`,
        };
      },
      { withinMs: 10_000, everyMs: 200, signal, hasDied: () => container.describeEnd() },
    );
  } catch (error) {
    const { healthLog } = await container.state();
    evidence("The results of the HEALTHCHECK command", healthLog.join("\n") || "(none)");
    throw error;
  }
}

check("logs-to-stdout", {}, async ({ docker }, context) => {
  const { evidence, seed, signal } = context;
  const { tag } = await cleanImage(docker, context);
  const port = portFor(seed, "logging");
  await using container = await docker.run({ image: tag, environment: { PORT: String(port) } });
  await untilItServes(container, port, context);
  const tripId = await exchangeTrip(container, port, context, "logging");
  const changes = await container.changedPaths();
  evidence("Files written in the container (docker diff)", changes.join("\n") || "(none)");
  try {
    await eventually(
      "The request for a trip is in the log on stdout",
      async () => {
        const { stdout } = await container.logs();
        const lines = stdout.split("\n").filter((line) => line !== "");
        return {
          done: stdout.includes(tripId),
          seen: `${lines.length} lines on stdout, none of them about ${tripId}`,
        };
      },
      { withinMs: 3000, signal },
    );
  } finally {
    await keepLog(container, evidence);
  }
  const { stdout } = await container.logs();
  const foreign = stdout.split("\n").find((line) => line !== "" && !isJsonObject(line));
  if (foreign !== undefined) {
    fail("A line on stdout is no JSON object, so the log collector cannot read it.", {
      expected: "one JSON object per line",
      actual: foreign,
    });
  }
  if (changes.length > 0) {
    fail(
      `Files were written in the container's own file system: ${changes.slice(0, 3).join(", ")}.`,
      { expected: "no file written", actual: changes.join(", ") },
    );
  }
});

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
