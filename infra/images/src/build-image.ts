import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { OnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";
import { prepareDebian } from "../recipes/debian/recipe.ts";
import { prepareKafka } from "../recipes/kafka/recipe.ts";
import { prepareNode } from "../recipes/node/recipe.ts";
import { buildStep } from "./build-step.ts";
import { type CatalogueImage, recipesFolder } from "./catalogue.ts";
import { hostSettings, proxyVariables } from "./host-settings.ts";
import { imageLabels } from "./image-states.ts";
import { recipeDigest } from "./recipe-digest.ts";
import type { PrepareRecipe, RecipeContext } from "./recipe.ts";

const preparations: Readonly<Record<string, PrepareRecipe>> = {
  debian: prepareDebian,
  kafka: prepareKafka,
  node: prepareNode,
};

export interface BuildOptions {
  readonly engine: Engine;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Builds an image from its recipe and tags it with the given references. What its recipe needs has to be there.
 * @throws OnrampError IMAGE_BUILD_FAILED with the end of the build's output.
 */
export async function buildImage(
  image: CatalogueImage & { recipe: string },
  tags: readonly string[],
  { engine, onProgress, signal }: BuildOptions,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `onramp-build-${image.name}-`));
  try {
    await cp(join(recipesFolder, image.recipe), folder, { recursive: true });
    const docker = { path: await findDockerCli(), env: dockerCliEnvironment(engine) };
    const host = await hostSettings();
    const buildArguments = new Map(Object.entries(image.arguments));
    const common = { image, folder, buildArguments, engine, docker, host };
    const context: RecipeContext = { ...common, onProgress, signal };
    const cleanUp = await preparations[image.recipe]?.(context);
    try {
      await runBuild(context, tags);
    } finally {
      await cleanUp?.();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runBuild(
  { image, folder, buildArguments, engine, docker, host, onProgress, signal }: RecipeContext,
  tags: readonly string[],
): Promise<void> {
  const labels = {
    [imageLabels.recipe]: recipeDigest(image) ?? "",
    [imageLabels.host]: host.digest,
    [imageLabels.builtOn]: engine.id,
  };
  const build = execa(
    docker.path,
    [
      "build",
      "--progress=plain",
      ...tags.flatMap((tag) => ["--tag", tag]),
      ...Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
      ...Array.from(buildArguments, ([name, value]) => ["--build-arg", `${name}=${value}`]).flat(),
      // Without a value the CLI takes it from its environment: a proxy's password is in no list of processes.
      ...proxyVariables().flatMap((name) => ["--build-arg", name]),
      folder,
    ],
    { env: docker.env, stdin: "ignore", all: true, reject: false, cancelSignal: signal },
  );
  createInterface({ input: build.all }).on("line", (line) => {
    const step = buildStep(line);
    if (step !== undefined) onProgress(step);
  });
  const result = await build;
  signal?.throwIfAborted();
  if (result.failed) throw buildFailure(image, result.all);
}

function buildFailure(image: CatalogueImage, output: string): OnrampError {
  const tail = output.trimEnd().split("\n").slice(-30).join("\n");
  if (output.includes("no space left on device")) {
    return new OnrampError(
      "DISK_FULL",
      `The disk filled up while ${image.ref} was built:\n${tail}`,
    );
  }
  return new OnrampError(
    "IMAGE_BUILD_FAILED",
    `The recipe of ${image.ref} did not build:\n${tail}`,
    {
      fix: `Read the output above, then run \`npx onramp images build ${image.name}\`.`,
    },
  );
}
