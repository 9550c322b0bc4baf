import { expect, test } from "vitest";
import { messageOf } from "./onramp-error.ts";

test("what was thrown is told with its cause, once", async () => {
  const refused = await fetch("http://127.0.0.1:1").catch((error: unknown) => error);
  expect(messageOf(refused)).toMatch(/^fetch failed: ./);
  const inner = new Error("the disk is full");
  expect(messageOf(new Error("No report: the disk is full.", { cause: inner }))).toBe(
    "No report: the disk is full.",
  );
  expect(messageOf(new Error("No report", { cause: inner }))).toBe("No report: the disk is full");
  expect(messageOf("a text")).toBe("a text");
});
