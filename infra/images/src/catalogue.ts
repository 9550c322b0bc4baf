import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OnrampError } from "@onramp/errors/onramp-error";
import { parse } from "yaml";
import { z } from "zod";

const catalogueFile = fileURLToPath(new URL("../catalogue.yaml", import.meta.url));

/** The directory of the recipes. */
export const recipesFolder = fileURLToPath(new URL("../recipes/", import.meta.url));

const catalogueEntry = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** The reference that the world uses. */
  ref: z.string().regex(/^[^:]+:[^:]+$/, "a reference with a tag"),
  /** Other references to the same image; they are made only where the recipe builds it. */
  aliases: z.array(z.string()).default([]),
  purpose: z.string().min(1),
  /** The images that the recipe builds on, by name. */
  needs: z.array(z.string()).default([]),
  /** A directory of `recipes/`; without one the image can only be pulled. */
  recipe: z.string().optional(),
  /** Build arguments: the pinned versions. */
  arguments: z.record(z.string(), z.string()).default({}),
});

const catalogueSchema = z
  .strictObject({ images: z.array(catalogueEntry) })
  .superRefine(({ images }, context) => {
    const names = new Set<string>();
    for (const { name, needs } of images) {
      for (const need of needs) {
        // Dependencies stand first, so that nothing can need itself.
        if (!names.has(need))
          context.addIssue({
            code: "custom",
            message: `"${name}" needs "${need}", which does not stand before it`,
          });
      }
      if (names.has(name))
        context.addIssue({ code: "custom", message: `"${name}" stands there twice` });
      names.add(name);
    }
  });

/** An image that the kit uses. */
export type CatalogueImage = z.infer<typeof catalogueEntry>;

/** Reads a catalogue. @throws OnrampError MANIFEST_INVALID */
export function parseCatalogue(text: string): CatalogueImage[] {
  const result = catalogueSchema.safeParse(parse(text));
  if (!result.success)
    throw new OnrampError("MANIFEST_INVALID", `catalogue.yaml: ${z.prettifyError(result.error)}`);
  return result.data.images;
}

let images: CatalogueImage[] | undefined;

/** Every image that the kit uses, each after those that its recipe needs. */
export function catalogue(): readonly CatalogueImage[] {
  images ??= parseCatalogue(readFileSync(catalogueFile, "utf8"));
  return images;
}

/** An image by its name, its reference or one of its aliases. @throws OnrampError USAGE */
export function catalogueImage(nameOrRef: string): CatalogueImage {
  const found = catalogue().find(
    ({ name, ref, aliases }) =>
      name === nameOrRef || ref === nameOrRef || aliases.includes(nameOrRef),
  );
  if (found !== undefined) return found;
  const known = catalogue().map(({ name }) => name);
  throw new OnrampError(
    "USAGE",
    `There is no image "${nameOrRef}" in the catalogue: it has ${known.join(", ")}.`,
    {
      fix: "Run `npx onramp images` for the images there are.",
    },
  );
}
