import { randomBytes } from "node:crypto";
import { statfs } from "node:fs/promises";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { execa } from "execa";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { BuildFailure } from "./build-failure.ts";
import { Builder, type BuilderOptions } from "./builder.ts";
import { directoryWith, leftAfter30s, readyEngine } from "./engine-fixtures.ts";
import { removeGrading } from "./remove-grading.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await readyEngine();
});

/** What came of building this Dockerfile: the image, or what was thrown. */
async function build(
  dockerfile: string,
  options: Partial<BuilderOptions> = {},
  files: Readonly<Record<string, string>> = {},
) {
  const gradingId = randomBytes(4).toString("hex");
  onTestFinished(async () => {
    await removeGrading(await connectDockerode(engine), gradingId);
    expect(await leftAfter30s(engine, [gradingId])).toEqual([]);
  });
  await using context = await directoryWith({ ...files, Dockerfile: dockerfile });
  const builder = new Builder({ engine, gradingId, ...options });
  const { signal } = new AbortController();
  try {
    return { image: await builder.build(context.path, {}, signal), error: undefined };
  } catch (error) {
    return { image: undefined, error: error as Error };
  }
}

/** A text that no other process of this machine has in its command line. */
const mark = (): string => `bad-day-${randomBytes(6).toString("hex")}`;

async function isRunningSomewhere(text: string): Promise<boolean> {
  const { stdout } = await execa("ps", ["-eo", "args"]);
  return stdout.includes(text);
}

test("a build that never ends is stopped, and nothing of it goes on", async () => {
  const marked = mark();
  const { error } = await build(`FROM debian:bookworm-slim\nRUN : ${marked}; sleep 100000\n`, {
    withinMs: 4000,
  });
  expect(error).toBeInstanceOf(BuildFailure);
  expect(error?.message).toBe(
    `The build was not over after 4 s, and was stopped at \`[2/2] RUN : ${marked}; sleep 100000\`.`,
  );
  expect(error).toMatchObject({ reason: "time", actual: "still building after 4 s" });
  await expect.poll(() => isRunningSomewhere(marked), { timeout: 10_000 }).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a build that fills the disk is stopped, and gives its space back",
  async () => {
    const freeMegabytes = async (): Promise<number> => {
      const { bavail, bsize } = await statfs(engine.dataRoot);
      return (bavail * bsize) / 1e6;
    };
    const before = await freeMegabytes();
    // The first step ends before the limit, so that it is in the cache; the number keeps it from being there before.
    const { error } = await build(
      `FROM debian:bookworm-slim
RUN : ${mark()}; dd if=/dev/zero of=/first bs=1M count=200
RUN dd if=/dev/zero of=/second bs=1M count=20000
`,
      { diskBytes: 600 * 1024 ** 2 },
    );
    expect(error).toMatchObject({
      reason: "disk",
      message:
        "The build took more than 0.6 GiB of disk and was stopped, so that the machine does not run full.",
    });
    await expect
      .poll(async () => before - (await freeMegabytes()), { timeout: 15_000 })
      .toBeLessThan(150);
  },
);

test("a build that prints without end costs the grader no memory", async () => {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
  const { error } = await build(
    `FROM debian:bookworm-slim\nRUN : ${mark()}; tr '\\0' x < /dev/zero\n`,
    { withinMs: 5000 },
  );
  clearInterval(timer);
  expect(error).toMatchObject({ reason: "time" });
  expect((error as BuildFailure).log.length).toBeLessThan(4_100_000);
  expect((most - before) / 1e6).toBeLessThan(250);
});

test("a step that fails is told with its exit code and its last lines", async () => {
  const { error } = await build(
    `FROM debian:bookworm-slim\nRUN echo "tar: Unexpected EOF in archive" && exit 3\n`,
  );
  expect(error).toMatchObject({ reason: "step" });
  expect(error?.message).toBe(
    `The build failed at \`[2/2] RUN echo "tar: Unexpected EOF in archive" && exit 3\`: the command ended with exit code 3\ntar: Unexpected EOF in archive`,
  );
});

test("a file that is not there is told", async () => {
  const { error } = await build("FROM debian:bookworm-slim\nCOPY dist ./dist\n");
  expect(error).toBeInstanceOf(BuildFailure);
  expect(error?.message).toMatch(
    /^The build failed at `\[2\/2\] COPY dist \.\/dist`: `dist` is not in the build context/,
  );
});

test("a Dockerfile that cannot be read is told with the builder's words", async () => {
  const { error } = await build("FROM debian:bookworm-slim\nRUNN npm ci\n");
  expect(error).toMatchObject({ reason: "dockerfile" });
  expect(error?.message).toMatch(/^The build failed: .*unknown instruction: RUNN/i);
});

test("`# syntax=` and heredocs build, however old the engine", async () => {
  const { image, error } = await build(`# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN <<TEXT
set -e
echo ${mark()} > /written
TEXT
`);
  expect(error).toBeUndefined();
  expect(image?.steps.length).toBeGreaterThan(0);
});

test("what a step prints is never taken for the builder's own words", async () => {
  const { image, error } = await build(
    String.raw`FROM debian:bookworm-slim
RUN printf 'x\r#5 CACHED\n#5 CACHED\n\033[1A#5 CACHED\n#99 [9/9] RUN npm ci\n#99 CACHED\n' && : ${mark()}
`,
  );
  expect(error).toBeUndefined();
  expect(image?.steps.some(({ isCached, name }) => isCached && name.includes("RUN"))).toBe(false);
  expect(image?.steps.some(({ name }) => name.startsWith("[9/9]"))).toBe(false);
});
