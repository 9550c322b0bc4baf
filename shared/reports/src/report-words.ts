import type { Cause, CheckOutcome, CheckStatus, GradeReport } from "@onramp/grading/report";

/** How every format calls a check's status. */
export const statusWords: Readonly<Record<CheckStatus, string>> = {
  passed: "passed",
  failed: "failed",
  "timed-out": "timed out",
  skipped: "skipped",
  "not-graded": "not graded",
};

/** The sentence that stands above every fault of ours. */
export const ourFault = "This is our fault, not yours. It costs you nothing.";

/** What a check has to say when its own message is empty. */
export function checkMessage(check: CheckOutcome): string | null {
  if (check.status === "skipped")
    return check.message ?? "A check that this one comes after did not pass.";
  if (check.status === "not-graded")
    return check.message === check.cause?.detail ? null : check.message;
  return check.message;
}

/** `14 of 20 points`. */
export function scoreWords(score: GradeReport["score"]): string {
  return `${score.earned} of ${plural(score.possible, "point")}`;
}

/** `1 check`, `3 checks`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** How many checks ended with each status, in words: `10 passed, 2 failed, 1 skipped`. */
export function countWords(checks: readonly CheckOutcome[]): string {
  const order: CheckStatus[] = ["passed", "failed", "timed-out", "skipped", "not-graded"];
  return order
    .map((status) => ({ status, count: checks.filter((check) => check.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${statusWords[status]}`)
    .join(", ");
}

/** A cause as rows of a label and a text. */
export function causeRows(cause: Cause): [label: string, text: string][] {
  return [
    ["code", cause.code],
    ["detail", cause.detail],
    ["what to do", cause.fix],
  ];
}

/** The report's problems without those that stand under a check already. */
export function otherProblems({ problems, checks }: GradeReport): GradeReport["problems"] {
  return problems.filter(
    (problem) =>
      !checks.some(({ cause }) => cause?.code === problem.code && cause.detail === problem.detail),
  );
}

/** What stands above the problems of a report. */
export function problemsHeading(report: GradeReport): string {
  if (report.outcome === "invalid-submission") return "What cannot be taken";
  return report.attempts > 1
    ? "What broke on our side, also in the first attempt"
    : "What broke on our side";
}

/** The outcome of a grading as a sentence to the hire. */
export function outcomeSentence(report: GradeReport): string {
  switch (report.outcome) {
    case "passed":
      return `Done: ${report.checks.length === 1 ? "the one check" : `all ${report.checks.length} checks`} passed.`;
    case "failed":
      return `Not there yet: ${plural(report.checks.filter(isVerdictAgainst).length, "check")} did not pass.`;
    case "not-graded":
      return `Not graded: ${plural(report.checks.filter(isNotGraded).length, "check")} could not be judged. ${ourFault}`;
    case "invalid-submission":
      return "Not taken: the submission holds something that cannot be graded.";
  }
}

function isVerdictAgainst(check: CheckOutcome): boolean {
  return check.status === "failed" || check.status === "timed-out";
}

function isNotGraded(check: CheckOutcome): boolean {
  return check.status === "not-graded";
}
