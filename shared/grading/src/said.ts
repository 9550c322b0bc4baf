import type { GradeReport } from "./report.ts";

/** What a check says is a sentence or two; what it has seen can be whatever a submission prints, in characters. */
const mostSaid = 10_000;

/**
 * Whether a failing check says this to the hire, apart from its evidence.
 * @param says a part of a text, or between slashes a regular expression
 */
export function isSaid({ checks }: GradeReport, says: string): boolean {
  const [, pattern] = /^\/(.*)\/$/s.exec(says) ?? [];
  return checks
    .filter(({ status }) => status === "failed" || status === "timed-out")
    .flatMap(({ message, actual }) => [message ?? "", actual ?? ""])
    .map((text) => text.slice(0, mostSaid))
    .some((text) => (pattern === undefined ? text.includes(says) : new RegExp(pattern).test(text)));
}
