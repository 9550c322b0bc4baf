import type { CheckOutcome, GradeReport, ReportOutcome } from "./report.ts";

/** The outcome of a grading with these checks. */
export function outcomeOf(checks: readonly CheckOutcome[], isInvalid: boolean): ReportOutcome {
  if (isInvalid) return "invalid-submission";
  const has = (...statuses: CheckOutcome["status"][]): boolean =>
    checks.some(({ status }) => statuses.includes(status));
  if (has("not-graded")) return "not-graded";
  return has("failed", "timed-out") ? "failed" : "passed";
}

/** The one place where points are added up. */
export function scoreOf(checks: readonly CheckOutcome[]): GradeReport["score"] {
  return {
    earned: checks.reduce((sum, { earned }) => sum + earned, 0),
    possible: checks.reduce((sum, { points }) => sum + points, 0),
  };
}
