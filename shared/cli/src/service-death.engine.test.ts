import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { gradeReport } from "@onramp/grading/report";
import { directoryWith, openDoor, readyEngine } from "@onramp/testbed/docker/engine-fixtures";
import { gradingLabel } from "@onramp/testbed/docker/labels";
import { expect, test } from "vitest";
import { onramp } from "./fixtures.ts";
import { exercisesDirectory } from "./repository.ts";

const solution = join(exercisesDirectory, "04-kafka-produce/solution");
const checkId = "delivers-every-trip";

/** Grades the reference producer by the real command, while the broker is killed under it in the first `deaths` attempts. */
async function gradeWhileBrokersDie(deaths: number) {
  const engine = await readyEngine("kafka", "program");
  const dockerode = await connectDockerode(engine);
  // A way to the engine of its own tells this grading from whatever else runs on the machine.
  await using door = await openDoor(engine);
  const over = new AbortController();
  const killed = new Set<string>();
  const killing = (async () => {
    while (!over.signal.aborted && killed.size < deaths) {
      const all = await dockerode.listContainers({ filters: { label: [gradingLabel] } });
      const containers = all.filter(({ Labels }) =>
        door.gradingIds.has(Labels[gradingLabel] ?? ""),
      );
      // The submission's program runs: the broker dies under it.
      const program = containers.find(({ Image }) => Image.startsWith("onramp-grading/"));
      const broker = containers.find(
        ({ Image, Labels, Id }) =>
          Image.startsWith("apache/kafka") &&
          Labels[gradingLabel] === program?.Labels[gradingLabel] &&
          !killed.has(Id),
      );
      if (program !== undefined && broker !== undefined) {
        killed.add(broker.Id);
        await dockerode.getContainer(broker.Id).kill({ signal: "SIGKILL" });
      }
      await pause(50);
    }
  })();
  try {
    await using work = await directoryWith({});
    const file = join(work.path, "report.json");
    const options = ["--submission", solution, "--only", checkId, "--seed", "1", "--json", file];
    await onramp(work.path, ["grade", "04", ...options], { env: door.env });
    return gradeReport.parse(JSON.parse(await readFile(file, "utf8")));
  } finally {
    over.abort();
    await killing;
  }
}

test.concurrent("a broker that dies whoever uses it is not graded, never the hire's mistake", async () => {
  const report = await gradeWhileBrokersDie(3);
  expect(report).toMatchObject({ outcome: "not-graded", attempts: 2 });
  expect(report.checks[0]).toMatchObject({ status: "not-graded", cause: { code: "SERVICE_DIED" } });
});

test.concurrent("a broker that dies under a submission twice, and lives under the solution, was broken by it", async () => {
  const report = await gradeWhileBrokersDie(2);
  expect(report).toMatchObject({ outcome: "failed", attempts: 2, score: { earned: 0 } });
  expect(report.checks[0]).toMatchObject({
    status: "failed",
    cause: { code: "SUBMISSION_BROKE_SERVICE" },
  });
});
