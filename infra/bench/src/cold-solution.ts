import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomSeed } from "@onramp/grading/seed";
import type { Exercise } from "@onramp/exercise/load-exercise";

/**
 * The exercise's solution in a directory of its own. A cold one has a comment in each RUN that no build had before,
 * so that the builder's cache knows none of its steps, and nobody's cache has to be emptied.
 */
export async function coldSolution(
  exercise: Exercise,
  isCold: boolean,
): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "onramp-bench-"));
  await cp(join(exercise.directory, "solution"), directory, { recursive: true });
  if (isCold) {
    const file = join(directory, "Dockerfile");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replaceAll(/^RUN /gm, `RUN : ${randomSeed()} && `),
    );
  }
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
