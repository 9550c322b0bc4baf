import type { Engine } from "@onramp/engine/engine";
import { requestEngine } from "@onramp/engine/engine-request";
import { messageOf, OnrampError } from "@onramp/errors/onramp-error";
import { z } from "zod";
import { type CatalogueImage, catalogue } from "./catalogue.ts";
import { hostSettings } from "./host-settings.ts";
import { recipeDigest } from "./recipe-digest.ts";

/** An image of the catalogue, as it is on an engine. */
export interface ImageState {
  readonly name: string;
  readonly ref: string;
  readonly purpose: string;
  /** Undefined when it is missing. */
  readonly id: string | undefined;
  /** Undefined when it is missing. */
  readonly origin: "registry" | "recipe" | undefined;
  /** 0 when it is missing. */
  readonly sizeBytes: number;
  /** `stale`: a recipe built it that has changed since, or on this machine with other certificates or mirrors. */
  readonly state: "present" | "stale" | "missing";
}

export const imageLabels = {
  /** {@link recipeDigest} */
  recipe: "dev.onramp.recipe",
  /** The digest of the host settings that it was built with. */
  host: "dev.onramp.host",
  /** The id of the engine that built it: an image from elsewhere keeps its builder's settings. */
  builtOn: "dev.onramp.built-on",
} as const;

const inspected = z.object({
  Id: z.string(),
  Size: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** The state of every image of the catalogue; builds and pulls nothing. */
export async function imageStates(engine: Engine): Promise<ImageState[]> {
  return await Promise.all(catalogue().map(async (image) => await imageState(image, engine)));
}

/** The state of one image. */
export async function imageState(image: CatalogueImage, engine: Engine): Promise<ImageState> {
  const { name, ref, purpose } = image;
  const found = await inspectImage(ref, engine);
  if (found === undefined) {
    return { name, ref, purpose, id: undefined, origin: undefined, sizeBytes: 0, state: "missing" };
  }
  const common = { name, ref, purpose, id: found.id, sizeBytes: found.sizeBytes };
  const recipe = found.labels[imageLabels.recipe];
  if (recipe === undefined) return { ...common, origin: "registry", state: "present" };
  const isFromHere = found.labels[imageLabels.builtOn] === engine.id;
  const isStale =
    recipe !== recipeDigest(image) ||
    (isFromHere && found.labels[imageLabels.host] !== (await hostSettings()).digest);
  return { ...common, origin: "recipe", state: isStale ? "stale" : "present" };
}

/** An image of the engine, or undefined. */
export async function inspectImage(
  ref: string,
  engine: Engine,
): Promise<{ id: string; sizeBytes: number; labels: Record<string, string> } | undefined> {
  const answer = await requestEngine(engine, `/images/${ref}/json`, 30_000).catch(
    (error: unknown) => {
      throw new OnrampError(
        "ENGINE_DIED",
        `The engine at ${engine.host} does not answer: ${messageOf(error)}.`,
        {
          cause: error,
        },
      );
    },
  );
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) {
    throw new OnrampError(
      "ENGINE_DIED",
      `The engine answered with HTTP status ${answer.status} when asked for ${ref}.`,
    );
  }
  const image = inspected.parse(JSON.parse(answer.body));
  return { id: image.Id, sizeBytes: image.Size, labels: image.Config?.Labels ?? {} };
}
