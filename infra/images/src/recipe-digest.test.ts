import { expect, test } from "vitest";
import { catalogueImage } from "./catalogue.ts";
import { recipeDigest } from "./recipe-digest.ts";

test("changes with a pinned version and with what the recipe builds on", () => {
  const node = catalogueImage("node");
  const digest = recipeDigest(node);
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(recipeDigest(node)).toBe(digest);
  expect(
    recipeDigest({ ...node, arguments: { ...node.arguments, NODE_VERSION: "24.0.0" } }),
  ).not.toBe(digest);
  expect(recipeDigest({ ...node, needs: [] })).not.toBe(digest);
});

test("is nothing for an image that can only be pulled", () => {
  expect(recipeDigest({ ...catalogueImage("node"), recipe: undefined })).toBeUndefined();
});
