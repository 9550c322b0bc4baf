import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { execa } from "execa";
import { catalogue } from "./catalogue.ts";
import { imageLabels, inspectImage } from "./image-states.ts";
import { prefixedRef } from "./pull-image.ts";

/**
 * Takes away what recipes built, under every name that they gave it; pulled images stay. Returns the references taken.
 * Images that a submission built upon them are not touched: they only inherited the label.
 */
export async function removeImages(
  engine: Engine,
  options: { onProgress?: (line: string) => void } = {},
): Promise<string[]> {
  const docker = await findDockerCli();
  const taken: string[] = [];
  for (const { ref, aliases } of catalogue().toReversed()) {
    for (const name of new Set([ref, prefixedRef(ref), ...aliases])) {
      const image = await inspectImage(name, engine);
      if (image === undefined || !(imageLabels.recipe in image.labels)) continue;
      const result = await execa(docker, ["rmi", "--force", name], {
        env: dockerCliEnvironment(engine),
        reject: false,
      });
      if (!result.failed) taken.push(name);
      options.onProgress?.(
        `${name}  ${result.failed ? `stays: ${result.stderr.trim()}` : "removed"}`,
      );
    }
  }
  return taken;
}

/** Removes an image that a newer one has taken the names of, unless a container still uses it. */
export async function removeUnused(id: string, engine: Engine): Promise<void> {
  await execa(await findDockerCli(), ["rmi", id], {
    env: dockerCliEnvironment(engine),
    reject: false,
  });
}
