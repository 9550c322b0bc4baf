import type { GradeReport } from "@onramp/grading/report";
import { isSaid } from "@onramp/grading/said";
import type { MatrixEntry } from "./matrix.ts";
import type { VerifiedSubmission } from "./verify-report.ts";

/** Holds a report against what the matrix says has to come out. */
export function judgeEntry(entry: MatrixEntry, report: GradeReport): VerifiedSubmission {
  const failed = failedChecks(report);
  const wrong = problemOf(entry, report, failed);
  const problem = wrong === null ? null : `${wrong}\nSeed: ${report.seed}`;
  const { kind, name, fails = [] } = entry;
  return {
    kind,
    name,
    ok: problem === null,
    expected: [...fails],
    failed,
    durationMs: report.durationMs,
    problem,
  };
}

/** The ids of the checks that were judged against the submission. */
export function failedChecks({ checks }: GradeReport): string[] {
  return checks
    .filter(({ status }) => status === "failed" || status === "timed-out")
    .map(({ id }) => id);
}

/** More of what a check has seen is not printed, in characters: the report has all of it. */
const mostSeen = 500;

function problemOf(
  entry: MatrixEntry,
  report: GradeReport,
  failed: readonly string[],
): string | null {
  if (report.outcome === "not-graded" || report.outcome === "invalid-submission") {
    const reasons = [
      ...report.checks.flatMap(({ id, cause }) =>
        cause ? [`${id}: ${cause.code} ${cause.detail}`] : [],
      ),
      ...report.problems.map(({ code, detail }) => `${code} ${detail}`),
    ];
    return `It was ${report.outcome}: ${[...new Set(reasons)].join("\n")}`;
  }
  if (entry.fails === undefined) {
    return failed.length > 0 ? null : "It passed, but a starter has nothing yet that could pass.";
  }
  const missed = entry.fails.filter((id) => !failed.includes(id));
  const extra = failed.filter((id) => !entry.fails?.includes(id));
  if (missed.length > 0)
    return `It has to fail ${missed.join(", ")}, and did not.${describeFailures(report, failed)}`;
  if (extra.length > 0)
    return `It must not fail ${extra.join(", ")}.${describeFailures(report, extra)}`;
  const { says } = entry;
  if (says === undefined || isSaid(report, says)) return null;
  return `No message says ${says}.${describeFailures(report, failed)}`;
}

function describeFailures(report: GradeReport, ids: readonly string[]): string {
  const lines = report.checks
    .filter(({ id }) => ids.includes(id))
    .map(
      ({ id, message, actual }) =>
        `\n${id}: ${message ?? ""}\nseen: ${(actual ?? "").slice(0, mostSeen)}`,
    );
  return lines.join("");
}
