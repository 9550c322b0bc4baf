import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "@onramp/engine/engine";
import { gradeReport } from "@onramp/grading/report";
import {
  directoryWith,
  type EngineDoor,
  leftAfter30s,
  openDoor,
  readyEngine,
  thingsOf,
} from "@onramp/testbed/docker/engine-fixtures";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { onramp, temporaryDirectory } from "./fixtures.ts";
import { exercisesDirectory } from "./repository.ts";

const exercise = join(exercisesDirectory, "01-docker");
let engine: Engine;
beforeAll(async () => {
  engine = await readyEngine();
});

/** Grades these files by the real command, through a door of its own; nothing of it may be left. */
async function grade(
  submission: string,
  args: readonly string[] = [],
  onDoor: (door: EngineDoor) => void = () => {},
) {
  const work = await temporaryDirectory();
  const door = await openDoor(engine);
  onTestFinished(async () => {
    const left = await leftAfter30s(engine, door.gradingIds);
    await door[Symbol.asyncDispose]();
    expect(left).toEqual([]);
  });
  onDoor(door);
  const file = join(work, "report.json");
  const all = ["grade", "01", "--submission", submission, "--json", file, ...args];
  const { exitCode, stdout, stderr } = await onramp(work, all, { env: door.env });
  const report = gradeReport.parse(JSON.parse(await readFile(file, "utf8")));
  expect(door.gradingIds.size).toBeGreaterThan(0);
  const statusOf = (id: string) => report.checks.find((check) => check.id === id)?.status;
  return { exitCode, stdout, stderr, report, statusOf };
}

async function gradeDockerfile(dockerfile: string, ...args: string[]) {
  await using submission = await directoryWith({ Dockerfile: dockerfile });
  return await grade(submission.path, args);
}

async function solution(overlay?: string): Promise<string> {
  const directory = join(await temporaryDirectory(), "해답 of mine");
  await cp(join(exercise, "solution"), directory, { recursive: true });
  if (overlay !== undefined) await cp(join(exercise, overlay), directory, { recursive: true });
  return directory;
}

test("without a Dockerfile the first check says what to write, and the others are skipped", async () => {
  await using submission = await directoryWith({ "notes.txt": "tomorrow" });
  const { exitCode, report } = await grade(submission.path);
  expect(exitCode).toBe(1);
  const [first, ...others] = report.checks;
  expect(first).toMatchObject({
    status: "failed",
    message:
      "There is no Dockerfile yet. Write one in the exercise's directory, beside package.json.",
  });
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set(["skipped"]));
});

test("20,000 extra files and names of any bytes are graded all the same", async () => {
  const submission = await solution();
  await mkdir(join(submission, "data"));
  for (let index = 0; index < 20_000; index += 1)
    await writeFile(join(submission, `data/${index}`), "");
  await writeFile(join(submission, "data/two\nlines \u001b[31m"), "");
  const bytes = Buffer.concat([Buffer.from(`${submission}/data/`), Buffer.from([0xff, 0xfe])]);
  await writeFile(bytes, "");
  const { exitCode, stdout, report } = await grade(submission, ["--only", "carries-labels"]);
  expect(exitCode).toBe(0);
  expect(report.submission.files.map(({ path }) => path)).toEqual([".dockerignore", "Dockerfile"]);
  expect(report.submission.ignored.at(-1)).toBe("… and 19903 more");
  expect(stdout).not.toContain("\u001b");
});

test("a Dockerfile with `# syntax=` and heredocs builds on this engine", async () => {
  const submission = await solution("variants/syntax-heredoc-link");
  const { exitCode } = await grade(submission, ["--only", "builds-from-a-clean-context"]);
  expect(exitCode).toBe(0);
});

test("a container that ends at once fails the check, with its log as evidence", async () => {
  const { exitCode, report } = await gradeDockerfile(
    'FROM debian:bookworm-slim\nCMD ["sh", "-c", "echo no such module >&2; exit 7"]\n',
    "--only",
    "answers-on-its-port",
  );
  expect(exitCode).toBe(1);
  const check = report.checks.at(-1);
  expect(check?.message).toMatch(
    /^GET \/healthz on port \d+ answers 200: not so, because the container exited with code 7\.$/,
  );
  expect(check?.evidence).toContainEqual({
    title: "The container's log (stderr)",
    text: "no such module\n",
    truncated: false,
  });
});

test("a process of root is seen behind a USER that is not root", async () => {
  const { exitCode, report } = await gradeDockerfile(
    `FROM debian:bookworm-slim
RUN cp /usr/bin/env /as-root && chmod 4755 /as-root
USER 10001
CMD ["/as-root", "sleep", "600"]
`,
    "--only",
    "runs-as-a-non-root-user",
  );
  expect(exitCode).toBe(1);
  expect(report.checks.at(-1)?.message).toBe(
    "USER is 10001, but `sleep 600` runs as root in the container.",
  );
});

test("a submission forges no result, and nothing of it reaches the terminal raw", async () => {
  const event = JSON.stringify({
    kind: "check-finished",
    outcome: { id: "answers-on-its-port", points: 2, earned: 2, status: "passed" },
  });
  // Clears the screen, sets the window's title, writes over the line above; 0x9b is the same in one byte.
  const escapes = String.raw`\033[2J\033]0;passed\007\033[1A\302\2332J✓ passed`;
  const forging = `printf '${event}\\n#9 [9/9] RUN npm ci\\n#9 CACHED\\n${escapes}\\n'`;
  const noRaw = (text: string): void => {
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  };

  const failing = await gradeDockerfile(`FROM debian:bookworm-slim\nRUN ${forging}; exit 1\n`);
  expect(failing.report.score.earned).toBe(0);
  noRaw(failing.stdout);

  const running = await gradeDockerfile(
    `FROM debian:bookworm-slim
LABEL org.opencontainers.image.version="\u001b[2J\u009b2J"
RUN ${forging}
HEALTHCHECK CMD ${forging}; exit 0
CMD ${forging}; ${forging} >&2; exit 1
`,
    "--only",
    "answers-on-its-port",
    "carries-labels",
  );
  expect(running.exitCode).toBe(1);
  expect(running.report.score.earned).toBe(2);
  expect(running.statusOf("builds-from-a-clean-context")).toBe("passed");
  expect(running.statusOf("answers-on-its-port")).toBe("failed");
  expect(running.statusOf("carries-labels")).toBe("failed");
  noRaw(running.stdout);
});

/** Waits until a grading has two containers: the gateway's and the submission's own. */
async function untilItRuns({ gradingIds }: EngineDoor): Promise<void> {
  for (;;) {
    const [id] = gradingIds;
    const things = id === undefined ? [] : await thingsOf(engine, id);
    if (things.filter((thing) => thing.startsWith("container ")).length >= 2) return;
    await pause(200);
  }
}

test("an engine that dies in the middle costs the hire nothing", async () => {
  await using submission = await directoryWith({
    Dockerfile: 'FROM debian:bookworm-slim\nCMD ["sleep", "600"]\n',
  });
  const { exitCode, report, statusOf } = await grade(
    submission.path,
    ["--only", "answers-on-its-port"],
    (door) => {
      void untilItRuns(door).then(() => door.die());
    },
  );
  expect(exitCode).toBe(3);
  expect(report).toMatchObject({ outcome: "not-graded", attempts: 2 });
  expect(statusOf("builds-from-a-clean-context")).toBe("passed");
  expect(report.checks.at(-1)).toMatchObject({
    status: "not-graded",
    cause: { code: "ENGINE_DIED" },
  });
  expect(report.problems.map(({ code }) => code)).not.toContain("GRADER_BUG");
});

test("a base image that cannot be had is our fault, and those that are here are named", async ({
  skip,
}) => {
  const { unreachableReason } = await import("@onramp/images/registry-reachability");
  const { exitCode, report } = await gradeDockerfile('FROM alpine:3.20\nCMD ["true"]\n');
  // Where a registry answers, the image is pulled and the submission judged.
  if (exitCode === 1 && (await unreachableReason(engine)) === undefined) skip();
  expect(exitCode).toBe(3);
  expect(report).toMatchObject({ outcome: "not-graded", attempts: 2 });
  const cause = report.checks[0]?.cause;
  expect(cause?.code).toBe("IMAGE_UNAVAILABLE");
  expect(cause?.detail).toContain("The Dockerfile names `alpine:3.20`, which is not on this");
  expect(cause?.detail).toContain("On this machine are: debian:bookworm-slim, node:24-bookworm");
});

test("two gradings at once do not touch each other", async () => {
  const only = ["--only", "answers-on-its-port"];
  const [good, bad] = await Promise.all([
    grade(await solution(), only),
    gradeDockerfile('FROM debian:bookworm-slim\nCMD ["false"]\n', ...only),
  ]);
  expect([good.exitCode, bad.exitCode]).toEqual([0, 1]);
});
