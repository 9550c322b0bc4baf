import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckStatus, GradeReport } from "@onramp/grading/report";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { onTestFinished } from "vitest";

const bin = fileURLToPath(new URL("../bin/onramp.mjs", import.meta.url));

/** Runs the real `onramp` with this work directory, as a hire without a Git configuration would. */
export async function onramp(
  work: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? work,
    env: {
      ONRAMP_WORK: work,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      ...options.env,
    },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** A directory for one test whose path holds a space and Korean letters; it goes when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "onramp 온보딩 "));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A whole report of `exercise` in which each check is worth one point. */
export function reportWith(
  checks: Readonly<Record<string, CheckStatus>>,
  exercise = { id: "01-docker", title: "Pack trip-api into an image" },
): GradeReport {
  const outcomes = Object.entries(checks).map(([id, status]) => ({
    id,
    title: id.replaceAll("-", " "),
    points: 1,
    earned: status === "passed" ? 1 : 0,
    status,
    durationMs: 1200,
    message: status === "passed" ? null : `${id}: seen 0, expected 1`,
    expected: null,
    actual: null,
    evidence: [],
    cause: null,
  }));
  const statuses = Object.values(checks);
  return {
    schema: "onramp/grade@1",
    exercise: { ...exercise, digest: digest("e") },
    submission: { digest: digest("5"), files: [], ignored: [] },
    grader: { version: "0.1.0", commit: "unknown", node: process.version },
    environment: { engine: null, images: [] },
    seed: "1",
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 3000,
    setupMs: 1000,
    outcome: statuses.includes("not-graded")
      ? "not-graded"
      : statuses.every((status) => status === "passed")
        ? "passed"
        : "failed",
    score: {
      earned: outcomes.reduce((sum, { earned }) => sum + earned, 0),
      possible: outcomes.length,
    },
    checks: outcomes,
    attempts: 1,
    lookalikes: [],
    problems: [],
  };
}

function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}
