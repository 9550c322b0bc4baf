import { expect, test } from "vitest";
import { withPrerequisites } from "./prerequisites.ts";

const check = (id: string, after: string[] = []) => ({ id, title: id, points: 1, after });
const checks = [check("builds"), check("answers", ["builds"]), check("stops", ["answers"])];
const ids = (only: string[] | undefined) => withPrerequisites(checks, only).map(({ id }) => id);

test("all of them, when none is named", () => {
  expect(ids(undefined)).toEqual(["builds", "answers", "stops"]);
  expect(ids([])).toEqual(["builds", "answers", "stops"]);
});

test("a named one with all that it comes after, in the manifest's order", () => {
  expect(ids(["stops", "builds"])).toEqual(["builds", "answers", "stops"]);
  expect(ids(["answers"])).toEqual(["builds", "answers"]);
});

test("a named one alone, where what it comes after is known to pass", () => {
  const alone = withPrerequisites(checks, ["stops"], true);
  expect(alone.map(({ id }) => id)).toEqual(["stops"]);
});

test("an unknown one is refused with those that there are", () => {
  expect(() => ids(["stop"])).toThrow(
    expect.objectContaining({
      code: "CHECK_UNKNOWN",
      message: "There is no check `stop`.",
      fix: "The checks are: builds, answers, stops.",
    }),
  );
});
