import { expect, test } from "vitest";
import { unsaidEnd } from "./unsaid-end.ts";

test.each([
  ["one that was too slow", 124, "", "It was not over after 60 s."],
  ["one that was too slow for BusyBox", 143, "so far", "It was not over after 60 s."],
  ["one that took too much", 137, "", /took more memory than it may have/],
  ["one that is silent", 2, "\n", "It said nothing, and ended with exit code 2."],
])("%s is told", (_, exitCode, output, message) => {
  expect(unsaidEnd({ exitCode, output }, 60)).toMatch(message);
});

test("one that has said why, or was content, says it itself", () => {
  expect(unsaidEnd({ exitCode: 1, output: "no" }, 60)).toBeUndefined();
  expect(unsaidEnd({ exitCode: 0, output: "" }, 60)).toBeUndefined();
});
