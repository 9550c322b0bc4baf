import { expect, test } from "vitest";
import { outputWithEnd } from "./output-with-end.ts";

const tooMuch =
  "what it was given took more memory than it may have. A few lines can stand for very much, by aliases (`*name`) or loops.";

test.each([
  ["one that was too slow", 124, "", "It was not over after 60 s."],
  ["one that was too slow for BusyBox", 143, "so far", "so far\nIt was not over after 60 s."],
  ["one that took too much", 137, "so far", `so far\nIt was ended with exit code 137: ${tooMuch}`],
  ["one that is silent", 2, "\n", "It said nothing, and ended with exit code 2."],
  ["one that has said why", 1, "no", "no"],
  ["one that was content", 0, "", ""],
])("%s is told", (_, exitCode, output, told) => {
  expect(outputWithEnd({ exitCode, output }, 60)).toBe(told);
});

test.each([
  "fatal error: out of memory allocating heap arena metadata",
  "runtime: out of memory: cannot allocate 4194304-byte block (1069547520 in use)",
  "fatal error: runtime: cannot allocate memory",
  "fatal error: runtime: cannot map pages in arena address space",
  "runtime/cgo: pthread_create failed: Resource temporarily unavailable",
])("one that got no more memory is told without its insides: %s", (said) => {
  const output = `configmap/a created\n${said}\n\nruntime stack:\nruntime.throw({0x4cf0edc?, 0x15?})`;
  expect(outputWithEnd({ exitCode: 2, output }, 60)).toBe(`It ended with exit code 2: ${tooMuch}`);
});
