import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import { type Exercise, listExerciseIds, loadExercise } from "@onramp/exercise/load-exercise";
import { closest } from "./closest.ts";
import { type ExerciseProgress, isPassed, progressOf, readProgress } from "./progress.ts";
import { exercisesDirectory, workDirectory } from "./repository.ts";

/**
 * The exercise that the user means: by id, by number (`1`, `01`) or by a part that only one id has.
 * Without one: that whose work directory the user stands in, else of those that were begun and have not passed yet the
 * one graded last or the first, else the first that has not passed yet.
 * @param isMeant what makes another one come before these
 * @throws {OnrampError} EXERCISE_UNKNOWN that offers the nearest id
 */
export async function chooseExercise(
  typed?: string,
  isMeant: (progress: ExerciseProgress) => boolean = () => false,
): Promise<Exercise> {
  const ids = await listExerciseIds(exercisesDirectory);
  const id =
    typed === undefined ? await currentExerciseId(ids, isMeant) : findExerciseId(typed, ids);
  return loadExercise(join(exercisesDirectory, id));
}

/**
 * Finds the exercise in the names after `--only`, which takes every word that follows it: `--only stops-on-sigterm 01`.
 * An exercise begins with a digit, and a check never does.
 */
export function splitChecks(
  typed: string | undefined,
  only: readonly string[] | undefined,
): { readonly id: string | undefined; readonly only: string[] | undefined } {
  const id = typed ?? only?.find((word) => /^\d/.test(word));
  const checks = only?.filter((word) => word !== id) ?? [];
  return { id, only: checks.length === 0 ? undefined : checks };
}

/** The one id that was meant by what was typed. */
export function findExerciseId(typed: string, ids: readonly string[]): string {
  const word = typed
    .trim()
    .toLowerCase()
    .replace(/^(\.\/)?(exercises|work)\//, "")
    .replace(/\/$/, "");
  if (ids.includes(word)) return word;
  const matches = /^\d{1,2}$/.test(word)
    ? ids.filter((id) => Number(id.slice(0, 2)) === Number(word))
    : ids.filter((id) => word !== "" && id.includes(word));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  if (matches.length > 1) {
    throw new OnrampError("EXERCISE_UNKNOWN", `\`${typed}\` could be ${matches.join(" or ")}.`);
  }
  const near = closest(word, ids);
  const offer = near ? `Did you mean \`${near}\`?` : `There are: ${ids.join(", ")}.`;
  throw new OnrampError("EXERCISE_UNKNOWN", `There is no exercise \`${typed}\`. ${offer}`);
}

/** See `chooseExercise`; the last one when all have passed. */
async function currentExerciseId(
  ids: readonly string[],
  isMeant: (progress: ExerciseProgress) => boolean,
): Promise<string> {
  const here = exerciseIdAt(
    await realpath(process.cwd()),
    await realpath(workDirectory).catch(() => workDirectory),
  );
  if (here !== undefined && ids.includes(here)) return here;
  const progress = await readProgress();
  const open = ids.filter((id) => !isPassed(progressOf(progress, id)));
  const gradedAt = (id: string): string => progressOf(progress, id).last?.at ?? "";
  const next =
    ids.find((id) => isMeant(progressOf(progress, id))) ??
    open
      .filter((id) => existsSync(join(workDirectory, id)))
      .toSorted((a, b) => gradedAt(b).localeCompare(gradedAt(a)))[0] ??
    open[0] ??
    ids.at(-1);
  if (next === undefined) {
    throw new OnrampError("EXERCISE_UNKNOWN", `There is no exercise below ${exercisesDirectory}.`);
  }
  return next;
}

function exerciseIdAt(directory: string, work: string): string | undefined {
  const [first] = relative(work, directory).split(sep);
  return first === ".." ? undefined : first;
}
