import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogue, catalogueImage, parseCatalogue, recipesFolder } from "./catalogue.ts";

test("every recipe of the catalogue is there", () => {
  const recipes = catalogue().flatMap(({ recipe }) => recipe ?? []);
  expect(recipes).not.toEqual([]);
  expect(
    recipes.filter((recipe) => !existsSync(join(recipesFolder, recipe, "Dockerfile"))),
  ).toEqual([]);
});

test("finds an image by name, reference and alias", () => {
  expect(catalogueImage("node").ref).toBe("node:24-bookworm-slim");
  expect(catalogueImage("node:24-bookworm-slim").name).toBe("node");
  expect(catalogueImage("node:latest").name).toBe("node");
});

test("names the images there are when asked for another", () => {
  expect(() => catalogueImage("nod")).toThrow(
    'There is no image "nod" in the catalogue: it has debian, node, ryuk',
  );
});

test("refuses a need that does not stand before, an unknown key and a reference without a tag", () => {
  const entry = "images:\n  - { name: a, ref: a:1, purpose: p";
  expect(() => parseCatalogue(`${entry}, needs: [b] }`)).toThrow(
    '"a" needs "b", which does not stand before it',
  );
  expect(() => parseCatalogue(`${entry}, colour: red }`)).toThrow("colour");
  expect(() => parseCatalogue("images: [{ name: a, ref: a, purpose: p }]")).toThrow(
    "a reference with a tag",
  );
});
