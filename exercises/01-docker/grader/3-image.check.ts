import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckContext } from "@onramp/grading/check";
import { CheckFailure, fail } from "@onramp/grading/check-failure";
import { finalPaths } from "@onramp/testbed/docker/image-contents";
import type { ContainerProcess, RunningContainer } from "@onramp/testbed/docker/running-container";
import { unwantedPaths } from "./compiled.ts";
import {
  buildArguments,
  check,
  cleanImage,
  portFor,
  processTable,
  untilItServes,
} from "./trip-api.ts";

check("runs-as-a-non-root-user", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const user = (await docker.inspectImage(tag)).Config.User ?? "";
  context.evidence("The image's user", user === "" ? "(none, which means root)" : user);
  const [id = ""] = user.split(":");
  const expected = "a number other than 0, such as `USER 10001`";
  if (user === "")
    fail("The image names no USER, so the service runs as root.", { expected, actual: "no USER" });
  if (!/^\d+$/.test(id)) {
    fail(
      `USER is the name \`${user}\`. Kubernetes cannot tell from a name that it is not root, and refuses to start it.`,
      { expected, actual: user },
    );
  }
  if (Number(id) === 0) fail(`USER is ${user}, which is root.`, { expected, actual: user });

  // What is set-user-ID runs as root all the same. A container that has ended has no processes to look at.
  const port = portFor(context.seed, "processes");
  await using container = await docker.run({ image: tag, environment: { PORT: String(port) } });
  const processes = await settledProcesses(container, port, context);
  const roots = processes.filter(({ uid }) => Number(uid) === 0);
  if (roots.length === 0) return;
  context.evidence("The processes in the container", processTable(processes));
  fail(`USER is ${user}, but \`${roots[0]?.command}\` runs as root in the container.`, {
    expected: "no process in the container runs as root",
    actual: roots.map(({ command }) => `${command} runs as user 0`).join(", "),
  });
});

/** The processes once the service answers, or after 3 s where it does not; none when the container has ended. */
async function settledProcesses(
  container: RunningContainer,
  port: number,
  context: CheckContext,
): Promise<ContainerProcess[]> {
  try {
    await untilItServes(container, port, context, 3000);
  } catch (error) {
    // Whether it serves is for another check to judge.
    if (!(error instanceof CheckFailure)) throw error;
  }
  try {
    return await container.processes();
  } catch (error) {
    if ((await container.describeEnd()) !== undefined) return [];
    throw error;
  }
}

check("ships-compiled", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const { layers } = await docker.contents(tag, []);
  const lock = JSON.parse(
    await readFile(join(context.job.projectDirectory, "package-lock.json"), "utf8"),
  ) as Parameters<typeof unwantedPaths>[1];
  const tests = (await readdir(join(context.job.projectDirectory, "test")))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length));
  const unwanted = unwantedPaths(finalPaths(layers), lock, tests);
  if (unwanted.length === 0) return;
  context.evidence("What does not belong in the image", unwanted.join("\n"));
  fail(
    `The image ships ${unwanted[0]}${unwanted.length > 1 ? `, and ${unwanted.length - 1} more that are not needed to run` : ""}.`,
    {
      expected: "compiled code and what it needs to run",
      actual: unwanted.slice(0, 5).join(", "),
    },
  );
});

const baseImage = "node:24-bookworm-slim";
const mostMegabytes = 60;

check("stays-small", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const base = await docker.imageBytes(baseImage);
  const whole = await docker.imageBytes(tag);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const history = await docker.history(tag);
  context.evidence(
    "Layers, from the base up",
    history.map(({ command, bytes }) => `${megabytes(bytes).padStart(9)}  ${command}`).join("\n"),
  );
  if (whole - base <= mostMegabytes * 1e6) return;
  fail(
    `The image has ${megabytes(whole)}: ${megabytes(whole - base)} more than \`${baseImage}\` (${megabytes(base)}).`,
    {
      expected: `at most ${mostMegabytes} MB more than ${baseImage}`,
      actual: `${megabytes(whole - base)} more`,
    },
  );
});

check("carries-labels", {}, async ({ docker }, context) => {
  const { tag } = await cleanImage(docker, context);
  const labels = (await docker.inspectImage(tag)).Config.Labels ?? {};
  const { IMAGE_SOURCE, IMAGE_VERSION } = buildArguments(context.seed);
  const expected = {
    "org.opencontainers.image.source": IMAGE_SOURCE,
    "org.opencontainers.image.version": IMAGE_VERSION,
  };
  const wrong = Object.entries(expected).filter(([name, value]) => labels[name] !== value);
  if (wrong.length === 0) return;
  context.evidence(
    "How it was built",
    `--build-arg IMAGE_SOURCE=${IMAGE_SOURCE} --build-arg IMAGE_VERSION=${IMAGE_VERSION}`,
  );
  context.evidence("The image's labels", JSON.stringify(labels, null, 2));
  const [name = "", value] = wrong[0] ?? [];
  fail(
    `The label ${name} is ${labels[name] === undefined ? "missing" : `\`${labels[name]}\``}; the build was told \`${value}\`.`,
    {
      expected: wrong.map(([label, wanted]) => `${label}=${wanted}`).join(", "),
      actual: wrong.map(([label]) => `${label}=${labels[label] ?? "(missing)"}`).join(", "),
    },
  );
});
