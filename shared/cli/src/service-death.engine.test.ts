import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { type GradeReport, gradeReport } from "@onramp/grading/report";
import { directoryWith, openDoor, readyEngine } from "@onramp/testbed/docker/engine-fixtures";
import { gradingLabel } from "@onramp/testbed/docker/labels";
import { ServiceContainer } from "@onramp/testbed/docker/service-container";
import { expect, test } from "vitest";
import { onramp } from "./fixtures.ts";
import { exercisesDirectory } from "./repository.ts";

interface Target {
  readonly exercise: string;
  readonly checkId: string;
  /** How the image's name of the service begins that is killed. */
  readonly image: string;
  /** Whether the submission is at work with this service, and `images` runs in this grading. */
  readonly isInUse: (service: ServiceContainer, images: readonly string[]) => Promise<boolean>;
}

const broker: Target = {
  exercise: "04-kafka-produce",
  checkId: "delivers-every-trip",
  image: "apache/kafka",
  isInUse: async (_, images) => images.some((name) => name.startsWith("onramp-grading/")),
};
const cluster: Target = {
  exercise: "02-kubernetes",
  checkId: "starts-slowly",
  image: "rancher/k3s",
  isInUse: async (node) => {
    const pods = await node.exec(["kubectl", "get", "pods", "--all-namespaces", "--output=name"]);
    return pods.stdout.includes("trip-api");
  },
};

/** Grades the solution by the real command, while a service is killed under it in the first `deaths` attempts. */
async function gradeWhileItDies({ exercise, checkId, image, isInUse }: Target, deaths: number) {
  const engine = await readyEngine("kafka", "program", "kubernetes");
  const dockerode = await connectDockerode(engine);
  // A way to the engine of its own tells this grading from whatever else runs on the machine.
  await using door = await openDoor(engine);
  const over = new AbortController();
  const killed = new Set<string>();
  const killing = (async () => {
    while (!over.signal.aborted && killed.size < deaths) {
      const all = await dockerode.listContainers({ filters: { label: [gradingLabel] } });
      const own = all.filter(({ Labels }) => door.gradingIds.has(Labels[gradingLabel] ?? ""));
      const found = own.find(({ Image, Id }) => Image.startsWith(image) && !killed.has(Id));
      if (found !== undefined) {
        const service = await ServiceContainer.of(engine, dockerode, found.Id);
        const id = found.Labels[gradingLabel];
        const beside = own.filter(({ Labels }) => Labels[gradingLabel] === id);
        const images = beside.map(({ Image }) => Image);
        if (await isInUse(service, images)) {
          killed.add(found.Id);
          await service.kill();
        }
      }
      await pause(50);
    }
  })();
  try {
    await using work = await directoryWith({});
    const file = join(work.path, "report.json");
    const solution = join(exercisesDirectory, exercise, "solution");
    const options = ["--submission", solution, "--only", checkId, "--seed", "1", "--json", file];
    await onramp(work.path, ["grade", exercise, ...options], { env: door.env });
    return gradeReport.parse(JSON.parse(await readFile(file, "utf8")));
  } finally {
    over.abort();
    await killing;
  }
}

/** In words of its own: what each attempt met is the first thing to know of a wrong outcome. */
function demandOutcome({ outcome, checks, problems }: GradeReport, expected: string): void {
  const met = [...problems, ...checks.flatMap(({ cause }) => cause ?? [])];
  const told = met.map(({ code, detail }) => `${code} ${detail}`).join(" | ");
  if (outcome !== expected) throw new Error(`The outcome is ${outcome}, not ${expected}: ${told}`);
}

test.concurrent.each([
  ["a broker", broker],
  ["a cluster", cluster],
] as const)(
  "%s that dies whoever uses it is not graded, never the hire's mistake",
  async (_, target) => {
    const report = await gradeWhileItDies(target, 3);
    demandOutcome(report, "not-graded");
    expect(report).toMatchObject({ attempts: 2 });
    const touched = report.checks.filter(
      ({ status }) => status !== "passed" && status !== "skipped",
    );
    expect(touched).toMatchObject([{ status: "not-graded", cause: { code: "SERVICE_DIED" } }]);
  },
);

test.concurrent("a broker that dies under a submission twice, and lives under the solution, was broken by it", async () => {
  const report = await gradeWhileItDies(broker, 2);
  demandOutcome(report, "failed");
  expect(report).toMatchObject({ attempts: 2, score: { earned: 0 } });
  expect(report.checks[0]).toMatchObject({
    status: "failed",
    cause: { code: "SUBMISSION_BROKE_SERVICE" },
  });
});
