import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { expect, test } from "vitest";
import { replacedPods } from "./replaced-pods.ts";

const [one, two, three] = ["1", "2", "3"].map((uid): Pod => ({ metadata: { uid } })) as [
  Pod,
  Pod,
  Pod,
];

test("the same pods, in any order, were not replaced", () => {
  expect(replacedPods([one, two], [two, one])).toBeUndefined();
});

test("new pods, and pods that are gone, are told", () => {
  expect(replacedPods([one, two], [one, three])).toBe(
    "2 pods before it, and after it 2, 1 of them new",
  );
  expect(replacedPods([one, two], [one])).toBe("2 pods before it, and after it 1, 0 of them new");
});
