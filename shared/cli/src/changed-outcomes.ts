import type { CheckStatus, GradeReport } from "@onramp/grading/report";

/** A check that ended otherwise than in the attempt before. */
export interface ChangedOutcome {
  readonly id: string;
  readonly title: string;
  readonly before: CheckStatus | "new";
  readonly after: CheckStatus | "gone";
}

/** The checks whose outcome changed from one report to another, in the order of the later one. */
export function changedOutcomes(before: GradeReport, after: GradeReport): ChangedOutcome[] {
  const old = new Map(before.checks.map((check) => [check.id, check]));
  const kept = after.checks.map(({ id, title, status }) => ({
    id,
    title,
    before: old.get(id)?.status ?? ("new" as const),
    after: status,
  }));
  const gone = before.checks
    .filter(({ id }) => !after.checks.some((check) => check.id === id))
    .map(({ id, title, status }) => ({ id, title, before: status, after: "gone" as const }));
  return [...kept, ...gone].filter((check) => check.before !== check.after);
}
