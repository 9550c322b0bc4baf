import { OnrampError } from "@onramp/errors/onramp-error";
import { expect, test } from "vitest";
import {
  blameForService,
  idsThatKilledTwice,
  idsToJudgeAgain,
  mergeAttempts,
  withoutSecondAttempt,
} from "./attempts.ts";
import { blankOutcome, notGraded } from "./not-graded.ts";
import type { CheckOutcome, CheckStatus, GradeReport } from "./report.ts";
import { outcomeOf, scoreOf } from "./score.ts";

const died = new OnrampError("ENGINE_DIED", "The engine went away.");

function report(statuses: Readonly<Record<string, CheckStatus>>): GradeReport {
  const checks = Object.entries(statuses).map(([id, status]): CheckOutcome => ({
    ...blankOutcome({ id, title: id, points: 1 }),
    ...(status === "not-graded" ? notGraded(died) : {}),
    status,
    earned: status === "passed" ? 1 : 0,
  }));
  return {
    schema: "onramp/grade@1",
    exercise: { id: "01-docker", title: "", digest: "" },
    submission: { digest: "", files: [], ignored: [] },
    grader: { version: "", commit: "", node: "" },
    environment: { engine: null, images: [] },
    seed: "1",
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 1000,
    setupMs: 400,
    outcome: outcomeOf(checks, false),
    score: scoreOf(checks),
    checks,
    attempts: 1,
    lookalikes: [],
    problems: [],
  };
}

test("a report that was judged needs no second attempt", () => {
  expect(idsToJudgeAgain(report({ builds: "failed", answers: "skipped" }))).toEqual([]);
});

test("what could not be judged is judged again, with what was skipped", () => {
  const first = report({ builds: "passed", answers: "not-graded", stops: "skipped" });
  expect(idsToJudgeAgain(first)).toEqual(["answers", "stops"]);
});

test("verdicts of the first attempt stand, the second gives the others", () => {
  const first = report({ builds: "failed", answers: "not-graded" });
  const merged = mergeAttempts(first, report({ builds: "passed", answers: "passed" }));
  expect(merged.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
    "builds failed",
    "answers passed",
  ]);
  expect(merged).toMatchObject({
    attempts: 2,
    outcome: "failed",
    score: { earned: 1, possible: 2 },
    durationMs: 2000,
    setupMs: 800,
  });
  expect(merged.problems).toEqual([
    expect.objectContaining({
      code: "ENGINE_DIED",
      detail: "First attempt, answers: The engine went away.",
    }),
  ]);
});

test("when the machine cannot be made ready again, the first attempt stands", () => {
  const first = report({ builds: "passed", answers: "not-graded" });
  const away = new OnrampError("ENGINE_UNAVAILABLE", "Nobody answers.");
  expect(withoutSecondAttempt(first, away)).toMatchObject({
    attempts: 2,
    outcome: "not-graded",
    score: { earned: 1 },
    problems: [
      {
        code: "ENGINE_UNAVAILABLE",
        detail: "A second attempt was not possible: Nobody answers.",
        fix: away.fix,
      },
    ],
  });
});

test("a service that dies under a submission twice, and lives under the solution, was broken by it", () => {
  const killed = (statuses: Readonly<Record<string, CheckStatus>>) => {
    const given = report(statuses);
    for (const check of given.checks)
      if (check.cause)
        check.cause = { ...check.cause, code: "SERVICE_DIED", detail: "kafka: gone" };
    return given;
  };
  const first = killed({ delivers: "not-graded", order: "not-graded" });
  const second = killed({ delivers: "not-graded", order: "passed" });
  expect(idsThatKilledTwice(first, second)).toEqual(["delivers"]);
  expect(idsThatKilledTwice(first, report({ delivers: "not-graded" }))).toEqual([]);

  const merged = mergeAttempts(first, second);
  const blamed = blameForService(merged, report({ delivers: "passed" }));
  expect(blamed.outcome).toBe("failed");
  expect(blamed.checks[0]).toMatchObject({
    status: "failed",
    actual: "kafka: gone",
    cause: { code: "SUBMISSION_BROKE_SERVICE", detail: "kafka: gone" },
  });
  expect(blameForService(merged, report({ delivers: "not-graded" })).outcome).toBe("not-graded");
});
