import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Exercise, loadMutants, loadVariants } from "@onramp/exercise/load-exercise";
import type { SubmissionKind } from "./verify-report.ts";

/** One cell of the matrix: what is graded, with which checks, and what has to come out. */
export interface MatrixEntry {
  readonly kind: SubmissionKind;
  readonly name: string;
  /** Directories laid over each other, the last on top. */
  readonly layers: readonly string[];
  /** The checks that are run; all when undefined. */
  readonly only: readonly string[] | undefined;
  /** The checks that have to fail; undefined for the starter, where any will do. */
  readonly fails: readonly string[] | undefined;
  /** What the message of a failing check has to hold: a text, or a /regular expression/. */
  readonly says: string | undefined;
}

/**
 * Everything that an exercise's grader has to judge rightly. Unless `isFull`, mutants and variants run only the
 * checks that they name: that they pass those which come before is shown once, in the full run that accepts them.
 */
export async function matrixOf(exercise: Exercise, isFull: boolean): Promise<MatrixEntry[]> {
  const starter = join(exercise.directory, "starter");
  const solution = join(exercise.directory, "solution");
  const nothing = { only: undefined, says: undefined };
  const variants = await loadVariants(exercise);
  const mutants = await loadMutants(exercise);
  return [
    { ...nothing, kind: "starter", name: "starter", layers: [starter], fails: undefined },
    { ...nothing, kind: "solution", name: "solution", layers: [solution], fails: [] },
    ...variants.map(({ name, directory, manifest }): MatrixEntry => {
      const only = isFull ? undefined : manifest.touches;
      return { ...nothing, kind: "variant", name, layers: [solution, directory], only, fails: [] };
    }),
    ...mutants.map(({ name, directory, manifest: { fails, says } }): MatrixEntry => {
      const only = isFull ? undefined : fails;
      return { kind: "mutant", name, layers: [solution, directory], only, fails, says };
    }),
  ];
}

/** Lays an entry's directories over each other, as a submission; removed when it is disposed of. */
export async function laySubmission(
  entry: MatrixEntry,
): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), `onramp-${entry.name}-`));
  for (const layer of entry.layers) await cp(layer, directory, { recursive: true });
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
