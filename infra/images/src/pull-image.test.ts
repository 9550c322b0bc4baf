import { expect, test } from "vitest";
import { prefixedRef } from "./pull-image.ts";

test.each([
  ["node:24", "mirror.example", "mirror.example/node:24"],
  ["node:24", "mirror.example/hub/", "mirror.example/hub/node:24"],
  [
    "testcontainers/ryuk:0.14.0",
    "mirror.example/hub",
    "mirror.example/hub/testcontainers/ryuk:0.14.0",
  ],
  ["quay.example/team/tool:1", "mirror.example", "quay.example/team/tool:1"],
  ["ghcr.io/shopify/toxiproxy:2.12.0", "mirror.example", "ghcr.io/shopify/toxiproxy:2.12.0"],
  ["localhost/tool:1", "mirror.example", "localhost/tool:1"],
  ["node:24", undefined, "node:24"],
])("%s with the prefix %s is %s", (ref, prefix, expected) => {
  expect(prefixedRef(ref, prefix)).toBe(expected);
});
