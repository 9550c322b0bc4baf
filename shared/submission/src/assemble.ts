import { cp } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import picomatch from "picomatch";
import type { Submission } from "./collect.ts";

/**
 * Writes what is graded into `target`: the exercise's starter, where the editable files come from the submission
 * and everything else from the exercise, whatever the submission holds.
 */
export async function assemble(
  exercise: Exercise,
  submission: Submission,
  target: string,
): Promise<void> {
  const starter = join(exercise.directory, "starter");
  const isEditable = picomatch(exercise.manifest.editable, { dot: true });
  await cp(starter, target, {
    recursive: true,
    filter: (source) => {
      const path = relative(starter, source);
      return !isEditable(path) && !/(^|\/)(node_modules|dist)$/.test(path);
    },
  });
  await submission.copyTo(target);
}
