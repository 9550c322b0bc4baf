import { expect, test } from "vitest";
import { blankOutcome } from "./not-graded.ts";
import type { CheckStatus } from "./report.ts";
import { outcomeOf, scoreOf } from "./score.ts";

const checks = (...statuses: CheckStatus[]) =>
  statuses.map((status, index) => ({
    ...blankOutcome({ id: `check-${index}`, title: "", points: 2 }),
    status,
    earned: status === "passed" ? 2 : 0,
  }));

test.each<[CheckStatus[], string]>([
  [["passed", "passed"], "passed"],
  [["passed", "failed"], "failed"],
  [["timed-out", "skipped"], "failed"],
  [["failed", "not-graded"], "not-graded"],
  [["passed", "not-graded", "skipped"], "not-graded"],
])("%j is %s", (statuses, outcome) => {
  expect(outcomeOf(checks(...statuses), false)).toBe(outcome);
});

test("an invalid submission stands before everything else", () => {
  expect(outcomeOf(checks("not-graded"), true)).toBe("invalid-submission");
});

test("points are added up over all checks", () => {
  expect(scoreOf(checks("passed", "failed", "passed", "skipped"))).toEqual({
    earned: 4,
    possible: 8,
  });
});
