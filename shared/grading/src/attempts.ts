import type { CheckOutcome, GradeReport } from "./report.ts";
import { outcomeOf, scoreOf } from "./score.ts";

/** Ids of the checks that a second attempt has to judge: those not graded, and those skipped behind one of them. */
export function idsToJudgeAgain(report: GradeReport): string[] {
  if (report.outcome !== "not-graded") return [];
  return report.checks
    .filter(({ status }) => status === "not-graded" || status === "skipped")
    .map(({ id }) => id);
}

/** One report of two attempts: a verdict of the first stands, the second gives what the first could not judge. */
export function mergeAttempts(first: GradeReport, second: GradeReport): GradeReport {
  const again = new Set(idsToJudgeAgain(first));
  const later = new Map(second.checks.map((check) => [check.id, check]));
  const checks = first.checks.map((check) =>
    again.has(check.id) ? (later.get(check.id) ?? check) : check,
  );
  return {
    ...first,
    environment: second.environment,
    durationMs: first.durationMs + second.durationMs,
    setupMs: first.setupMs + second.setupMs,
    outcome: outcomeOf(checks, false),
    score: scoreOf(checks),
    checks,
    attempts: 2,
    problems: [...first.checks.flatMap(causeOf), ...first.problems, ...second.problems],
  };
}

function causeOf({ id, cause }: CheckOutcome): GradeReport["problems"] {
  return cause === null ? [] : [{ ...cause, detail: `First attempt, ${id}: ${cause.detail}` }];
}
