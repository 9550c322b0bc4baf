import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type CatalogueImage, catalogueImage, recipesFolder } from "./catalogue.ts";

/**
 * The digest of all that decides what a recipe makes: its files, its pinned versions, and the recipes that it builds
 * on. It stands as a label on the image, and an image with another one is stale.
 */
export function recipeDigest(image: CatalogueImage): string | undefined {
  if (image.recipe === undefined) return undefined;
  const hash = createHash("sha256");
  const folder = join(recipesFolder, image.recipe);
  for (const path of filesOf(folder)) {
    const content = readFileSync(path);
    hash.update(`${relative(folder, path)}\0${content.length}\0`).update(content);
  }
  hash.update(
    JSON.stringify(Object.entries(image.arguments).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  for (const need of image.needs) hash.update(recipeDigest(catalogueImage(need)) ?? need);
  return `sha256:${hash.digest("hex")}`;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
