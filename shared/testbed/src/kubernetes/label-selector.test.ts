import { expect, test } from "vitest";
import { labelSelectorOf } from "./label-selector.ts";

test("labels and expressions make one query", () => {
  const query = labelSelectorOf({
    matchLabels: { app: "trip-api" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["web", "api"] },
      { key: "track", operator: "NotIn", values: ["canary"] },
      { key: "release", operator: "Exists" },
      { key: "legacy", operator: "DoesNotExist" },
    ],
  });
  expect(query).toBe("app=trip-api,tier in (web,api),track notin (canary),release,!legacy");
});

test("expressions are enough", () => {
  const matchExpressions = [{ key: "app", operator: "In", values: ["trip-api"] }];
  expect(labelSelectorOf({ matchExpressions })).toBe("app in (trip-api)");
});
