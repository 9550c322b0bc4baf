import { expect, test } from "vitest";
import { startedTask } from "./started-task.ts";

test("knows a task that begins from what it prints", () => {
  expect(startedTask("//:test:unit: cache bypass, force executing 51d1")).toBe("test:unit");
  expect(startedTask("\u001B[35m//:lint: \u001B[0mcache bypass, force executing 51d1")).toBe(
    "lint",
  );
  expect(startedTask("@onramp/exercise-01-docker:verify: cache bypass, force executing 1")).toBe(
    "@onramp/exercise-01-docker:verify",
  );
  expect(startedTask("//:lint: Found 0 warnings and 1 error.")).toBeUndefined();
});
