import { createHash } from "node:crypto";
import { codes } from "@onramp/errors/codes";
import { isOnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import type { Cause, GradeReport } from "@onramp/grading/report";

/** The report of a submission whose grading did not come to a report: nothing is judged, and the cause is said. */
export function brokenReport(exercise: Exercise, error: unknown): GradeReport {
  const cause: Cause = isOnrampError(error)
    ? { code: error.code, detail: error.message, fix: error.fix }
    : { code: "GRADER_BUG", detail: messageOf(error), fix: codes.GRADER_BUG.fix };
  const { checks } = exercise.manifest;
  const unknown = `sha256:${createHash("sha256").digest("hex")}`;
  return {
    schema: "onramp/grade@1",
    exercise: { id: exercise.id, title: exercise.manifest.title, digest: unknown },
    submission: { digest: unknown, files: [], ignored: [] },
    grader: { version: "unknown", commit: "unknown", node: process.version },
    environment: { engine: null, images: [] },
    seed: "",
    startedAt: new Date().toISOString(),
    durationMs: 0,
    setupMs: 0,
    outcome: "not-graded",
    score: { earned: 0, possible: checks.reduce((sum, { points }) => sum + points, 0) },
    checks: checks.map(({ id, title, points }) => ({
      id,
      title,
      points,
      earned: 0,
      status: "not-graded",
      durationMs: 0,
      message: cause.detail,
      expected: null,
      actual: null,
      evidence: [],
      cause,
    })),
    attempts: 1,
    lookalikes: [],
    problems: [cause],
  };
}
