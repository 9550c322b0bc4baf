import { codes } from "@onramp/errors/codes";
import type { OnrampError } from "@onramp/errors/onramp-error";
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
    problems: [
      ...first.checks.flatMap((check) => causeOf(check, "First attempt")),
      ...first.problems,
      ...second.problems,
    ],
  };
}

/** The report of a first attempt that no second could follow, because the machine could not be made ready again. */
export function withoutSecondAttempt(first: GradeReport, error: OnrampError): GradeReport {
  const { code, message, fix } = error;
  const detail = `A second attempt was not possible: ${message}`;
  return { ...first, attempts: 2, problems: [...first.problems, { code, detail, fix }] };
}

/** Ids of the checks under which a service died in both attempts: by chance, or by the submission's doing. */
export function idsThatKilledTwice(first: GradeReport, second: GradeReport): string[] {
  const killed = ({ checks }: GradeReport): string[] =>
    checks.filter(({ cause }) => cause?.code === "SERVICE_DIED").map(({ id }) => id);
  const again = new Set(killed(second));
  return killed(first).filter((id) => again.has(id));
}

/**
 * Judges the checks under which a service died twice, by how the solution fared on a fresh one: where it passes, the
 * service was well, and it was the submission that broke it. Where it does not, the report tells what it met.
 */
export function blameForService(report: GradeReport, canary: GradeReport): GradeReport {
  const passed = new Set(
    canary.checks.filter(({ status }) => status === "passed").map(({ id }) => id),
  );
  const { meaning, fix } = codes.SUBMISSION_BROKE_SERVICE;
  const checks = report.checks.map((check): CheckOutcome => {
    if (check.cause?.code !== "SERVICE_DIED" || !passed.has(check.id)) return check;
    const cause = { code: "SUBMISSION_BROKE_SERVICE", detail: check.cause.detail, fix };
    return {
      ...check,
      status: "failed",
      message: `${meaning} ${check.cause.detail}`,
      expected: "the service lives",
      actual: check.cause.detail,
      cause,
    };
  });
  const met = canary.checks.flatMap((check) => [
    ...causeOf(check, "The reference answer"),
    ...failureOf(check),
  ]);
  const problems = [...report.problems, ...met, ...canary.problems];
  return { ...report, checks, outcome: outcomeOf(checks, false), problems };
}

function causeOf({ id, cause }: CheckOutcome, whose: string): GradeReport["problems"] {
  return cause === null ? [] : [{ ...cause, detail: `${whose}, ${id}: ${cause.detail}` }];
}

/** What a reference answer has failed: it passes wherever all is well. */
function failureOf({ id, status, message, actual }: CheckOutcome): GradeReport["problems"] {
  if (status !== "failed" && status !== "timed-out") return [];
  const { fix } = codes.GRADER_BUG;
  const detail = `The reference answer does not pass ${id} either: ${message} Seen: ${actual}`;
  return [{ code: "GRADER_BUG", detail, fix }];
}
