import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import { type Exercise, listExerciseIds, loadExercise } from "@onramp/exercise/load-exercise";
import { findExerciseId } from "./exercise-choice.ts";
import { exercisesDirectory } from "./repository.ts";

/**
 * The exercise that a submission's directory belongs to: what was typed, else the id that its path holds
 * (`ada/01-docker`, `01-docker-ada`), the last one first.
 * @throws {OnrampError} USAGE when there is no such directory, EXERCISE_UNKNOWN when no id is to be seen in its path
 */
export async function exerciseOfSubmission(directory: string, typed?: string): Promise<Exercise> {
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new OnrampError("USAGE", `There is no directory \`${directory}\`.`);
  const ids = await listExerciseIds(exercisesDirectory);
  const id = typed === undefined ? idInPath(resolve(directory), ids) : findExerciseId(typed, ids);
  if (id === undefined) {
    throw new OnrampError(
      "EXERCISE_UNKNOWN",
      `It cannot be told from its name which exercise \`${directory}\` belongs to.`,
      { fix: `Name it with \`--exercise ID\`; there are: ${ids.join(", ")}.` },
    );
  }
  return loadExercise(join(exercisesDirectory, id));
}

function idInPath(path: string, ids: readonly string[]): string | undefined {
  const parts = path.split("/").toReversed();
  for (const part of parts) {
    const found = ids.find((id) => id === part) ?? ids.find((id) => part.includes(id));
    if (found !== undefined) return found;
  }
  return undefined;
}
