import { expect, test } from "vitest";
import { firstOutOfOrder } from "./order.ts";

const ids = ["a", "b", "c", "d"];

test("the same order, also with a batch that was sent twice at once", () => {
  expect(firstOutOfOrder(ids, ["a", "b", "c", "d"])).toBeUndefined();
  expect(firstOutOfOrder(ids, ["a", "b", "a", "b", "c", "d"])).toBeUndefined();
});

test("a failed batch that comes behind the next one", () => {
  expect(firstOutOfOrder(ids, ["c", "d", "a", "b"])).toEqual(["a", "d"]);
});

test("a batch that was written, taken for lost, and sent again behind the next one", () => {
  expect(firstOutOfOrder(ids, ["a", "b", "c", "d", "a", "b"])).toEqual(["a", "d"]);
});
