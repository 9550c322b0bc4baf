import { inspect } from "node:util";
import { codes } from "@onramp/errors/codes";
import { isOnrampError } from "@onramp/errors/onramp-error";
import type { CheckOutcome } from "./report.ts";

/** What is known of a check once it has ended. */
export type Verdict = Pick<CheckOutcome, "status"> & Partial<CheckOutcome>;

/** The verdict on a check that could not judge: our fault, whatever was thrown. */
export function notGraded(error: unknown): Verdict & Pick<CheckOutcome, "cause" | "message"> {
  if (isOnrampError(error)) {
    const { code, message, fix } = error;
    return { status: "not-graded", message, cause: { code, detail: message, fix } };
  }
  // An error that crossed from Vitest's worker is a plain object.
  const hasStack = typeof error === "object" && error !== null && "stack" in error;
  const detail = hasStack ? String(error.stack) : inspect(error);
  return {
    status: "not-graded",
    message: "The grader itself broke, so this check was not judged.",
    cause: { code: "GRADER_BUG", detail, fix: codes.GRADER_BUG.fix },
  };
}

/** An outcome without a verdict yet. */
export function blankOutcome({
  id,
  title,
  points,
}: Pick<CheckOutcome, "id" | "title" | "points">): CheckOutcome {
  const nothing = { message: null, expected: null, actual: null, evidence: [], cause: null };
  return { id, title, points, earned: 0, status: "not-graded", durationMs: 0, ...nothing };
}
