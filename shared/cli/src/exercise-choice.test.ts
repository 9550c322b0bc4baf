import { describe, expect, test } from "vitest";
import { findExerciseId, splitChecks } from "./exercise-choice.ts";

const ids = ["01-docker", "04-kafka-produce", "05-kafka-consume"];

describe("findExerciseId", () => {
  test.each([
    ["01-docker", "01-docker"],
    ["1", "01-docker"],
    ["01", "01-docker"],
    ["docker", "01-docker"],
    ["consume", "05-kafka-consume"],
    ["work/01-docker/", "01-docker"],
    ["exercises/04-kafka-produce", "04-kafka-produce"],
    ["01-Docker", "01-docker"],
  ])("%s is %s", (typed, id) => {
    expect(findExerciseId(typed, ids)).toBe(id);
  });

  test("offers the nearest id for one that is not known", () => {
    expect(() => findExerciseId("01-dokcer", ids)).toThrow(
      "There is no exercise `01-dokcer`. Did you mean `01-docker`?",
    );
  });

  test("names every id that a part could mean", () => {
    expect(() => findExerciseId("kafka", ids)).toThrow(
      "`kafka` could be 04-kafka-produce or 05-kafka-consume.",
    );
  });

  test("lists what there is when nothing is near", () => {
    expect(() => findExerciseId("9", ids)).toThrow("There are: 01-docker, 04-kafka-produce");
    expect(() => findExerciseId("", ids)).toThrow("There is no exercise ``.");
  });
});

test("an exercise among the checks of --only is found", () => {
  const only = ["stops-on-sigterm"];
  expect(splitChecks("01", only)).toEqual({ id: "01", only });
  expect(splitChecks(undefined, [...only, "01-docker"])).toEqual({ id: "01-docker", only });
  expect(splitChecks(undefined, ["4"])).toEqual({ id: "4", only: undefined });
  expect(splitChecks(undefined, undefined)).toEqual({ id: undefined, only: undefined });
});
