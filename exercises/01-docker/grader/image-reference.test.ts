import { expect, test } from "vitest";
import { isPinned } from "./image-reference.ts";

test.each([
  "node:24",
  "node:24-slim",
  "node:24.21.0-bookworm-slim",
  "debian:bookworm-slim",
  "registry.example:5000/node:24",
  `node@sha256:${"a".repeat(64)}`,
  `node:latest@sha256:${"a".repeat(64)}`,
])("%s says which version it is", (ref) => {
  expect(isPinned(ref)).toBe(true);
});

test.each([
  "node",
  "node:latest",
  "node:lts",
  "node:current-slim",
  "node:slim",
  "registry.example:5000/node",
])("%s does not", (ref) => {
  expect(isPinned(ref)).toBe(false);
});
