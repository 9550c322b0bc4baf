import type { Engine } from "@onramp/engine/engine";
import { withLock } from "@onramp/engine/with-lock";
import { OnrampError } from "@onramp/errors/onramp-error";
import { buildImage } from "./build-image.ts";
import { type CatalogueImage, catalogueImage } from "./catalogue.ts";
import { type ImageState, imageState, inspectImage } from "./image-states.ts";
import { progressOf } from "./image-progress.ts";
import { prefixedRef, pullImage } from "./pull-image.ts";
import { removeUnused } from "./remove-images.ts";

export interface EnsureImagesOptions {
  readonly engine: Engine;
  /** Short lines: `node:24-bookworm-slim  building from recipe · step 3/5 · 12 s`. */
  readonly onProgress: (line: string) => void;
  /** Asks a yes-or-no question; absent where nobody can answer. */
  readonly consent?: (question: string) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Builds from the recipe, also where the image is there already or could be pulled. */
  readonly rebuild?: boolean;
}

/**
 * Has the named images on the engine: those that are there and current stay, others are pulled, others built from
 * their recipe, what they need first. Returns their states in the order of `names`.
 * @throws OnrampError IMAGE_UNAVAILABLE, IMAGE_BUILD_FAILED or IMAGE_CONSENT
 */
export async function ensureImages(
  names: readonly string[],
  options: EnsureImagesOptions,
): Promise<ImageState[]> {
  const consent = askOnce(options);
  const states: ImageState[] = [];
  for (const name of names) states.push(await ensureImage(catalogueImage(name), options, consent));
  return states;
}

async function ensureImage(
  image: CatalogueImage,
  options: EnsureImagesOptions,
  consent: (image: CatalogueImage) => Promise<void>,
): Promise<ImageState> {
  const { engine, signal, rebuild = false } = options;
  const before = await imageState(image, engine);
  if (before.state === "present" && !rebuild) return before;
  const progress = progressOf(image.ref, options.onProgress);
  return await withLock(
    `image-${engine.id}-${image.name}`,
    async () => {
      using lines = progress;
      // Another process may have made it while this one waited.
      const state = await imageState(image, engine);
      if (state.state === "present" && !rebuild) return state;
      if (state.state === "missing" && !rebuild) {
        const refusal = await pullImage(image.ref, {
          engine,
          signal,
          onProgress: (text) => lines.phase(text),
        });
        if (refusal === undefined) {
          lines.done("pulled");
          return await imageState(image, engine);
        }
        lines.say(`no registry has it for this machine: ${firstLine(refusal)}`);
        if (image.recipe === undefined) throw unavailable(image, refusal);
      }
      await buildFromRecipe(image, state, options, consent, lines);
      return await imageState(image, engine);
    },
    { signal, onWait: () => options.onProgress(`${image.ref}  waiting: another command makes it`) },
  );
}

async function buildFromRecipe(
  image: CatalogueImage,
  before: ImageState,
  options: EnsureImagesOptions,
  consent: (image: CatalogueImage) => Promise<void>,
  lines: ReturnType<typeof progressOf>,
): Promise<void> {
  const { engine, signal } = options;
  const { recipe } = image;
  if (recipe === undefined) throw unavailable(image, "it has no recipe");
  await consent(image);
  for (const need of image.needs)
    await ensureImage(catalogueImage(need), { ...options, rebuild: false }, consent);
  lines.phase("building from recipe");
  await buildImage({ ...image, recipe }, await tagsOf(image, engine), {
    engine,
    signal,
    onProgress: (step) => lines.phase(`building from recipe · ${step}`),
  });
  if (before.origin === "recipe" && before.id !== undefined) await removeUnused(before.id, engine);
  lines.done("built from recipe");
}

/**
 * What a built image is called. On an engine that is not ours an alias that somebody uses already stays theirs.
 * With a mirror's prefix set, Testcontainers looks for the prefixed name.
 */
async function tagsOf({ ref, aliases }: CatalogueImage, engine: Engine): Promise<string[]> {
  const free = await Promise.all(
    aliases.map(async (alias) => {
      const holder = engine.isOurs ? undefined : await inspectImage(alias, engine);
      return holder === undefined || "dev.onramp.recipe" in holder.labels ? [alias] : [];
    }),
  );
  return [...new Set([ref, prefixedRef(ref), ...free.flat()])];
}

/** Recipes take public names: on an engine that is not ours somebody has to agree, once a call. */
function askOnce({
  engine,
  consent,
}: EnsureImagesOptions): (image: CatalogueImage) => Promise<void> {
  let hasAgreed = engine.isOurs || process.env["ONRAMP_IMAGES"] === "build";
  return async ({ ref }) => {
    hasAgreed ||=
      (await consent?.(
        `No registry has ${ref} for this machine. Shall I build it, and what it needs, from Onramp's recipes on this engine, under its public name? (\`npx onramp clean --images\` takes it away.)`,
      )) ?? false;
    if (!hasAgreed) {
      throw new OnrampError(
        "IMAGE_CONSENT",
        `${ref} would have to be built on an engine that Onramp did not start (${engine.host}).`,
      );
    }
  };
}

function unavailable(image: CatalogueImage, reason: string): OnrampError {
  return new OnrampError(
    "IMAGE_UNAVAILABLE",
    `${image.ref} is not on this machine, and no registry gave it: ${reason}`,
    {
      fix: "Make the registry reachable (see docs/guides/platform.md), or load a saved set with `npx onramp images load FILE`.",
    },
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
