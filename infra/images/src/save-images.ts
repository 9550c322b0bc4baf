import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { messageOf, OnrampError } from "@onramp/errors/onramp-error";
import { execa, ExecaError } from "execa";
import { catalogue } from "./catalogue.ts";
import { type ImageState, imageStates, inspectImage } from "./image-states.ts";

export interface SaveOptions {
  readonly engine: Engine;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes every image of the catalogue that is on the engine, with its aliases and labels, to one archive, so that a
 * company builds once. Returns what it holds.
 */
export async function saveImages(
  file: string,
  { engine, onProgress, signal }: SaveOptions,
): Promise<ImageState[]> {
  const states = (await imageStates(engine)).filter(({ state }) => state !== "missing");
  if (states.length === 0) {
    throw new OnrampError(
      "IMAGE_UNAVAILABLE",
      "No image of the catalogue is on this engine: there is nothing to save.",
      {
        fix: "Run `npx onramp images build NAME` first.",
      },
    );
  }
  const ids = new Map(states.map(({ name, id }) => [name, id]));
  const refs: string[] = [];
  for (const { name, ref, aliases } of catalogue()) {
    if (!ids.has(name)) continue;
    refs.push(ref);
    for (const alias of aliases) {
      // An alias that means another image here is not ours to give away.
      if ((await inspectImage(alias, engine))?.id === ids.get(name)) refs.push(alias);
    }
  }
  onProgress?.(`writing ${states.length} images to ${file}`);
  await docker(["save", "--output", file, ...refs], engine, signal, "REPORT_NOT_WRITTEN");
  return states;
}

/** Reads the images of an archive that {@link saveImages} wrote into the engine. Returns the catalogue's states then. */
export async function loadImages(
  file: string,
  { engine, onProgress, signal }: SaveOptions,
): Promise<ImageState[]> {
  onProgress?.(`reading images from ${file}`);
  await docker(["load", "--quiet", "--input", file], engine, signal, "IMAGE_UNAVAILABLE");
  return await imageStates(engine);
}

async function docker(
  arguments_: readonly string[],
  engine: Engine,
  signal: AbortSignal | undefined,
  errorCode: "REPORT_NOT_WRITTEN" | "IMAGE_UNAVAILABLE",
): Promise<void> {
  try {
    await execa(await findDockerCli(), arguments_, {
      env: dockerCliEnvironment(engine),
      stdin: "ignore",
      cancelSignal: signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    const detail =
      error instanceof ExecaError && error.stderr !== "" ? error.stderr : messageOf(error);
    const code = detail?.includes("no space left on device") ? "DISK_FULL" : errorCode;
    throw new OnrampError(code, `docker ${arguments_[0]} failed: ${detail}`, { cause: error });
  }
}
