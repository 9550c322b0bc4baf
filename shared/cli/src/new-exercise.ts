import { existsSync } from "node:fs";
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { filesBelow, listExerciseIds } from "@onramp/exercise/load-exercise";

/** A whole exercise of one check, which verifies as it is. */
const scaffold = fileURLToPath(new URL("../scaffold/", import.meta.url));
const scaffoldId = "00-scaffold";
const scaffoldTitle = "Scaffolded exercise";

/**
 * Makes a new exercise's directory: manifest, brief, hints, rubric, starter, solution, a variant, a mutant, a check.
 * @returns the directory
 * @throws {OnrampError} USAGE for an id that is no NN-name, or whose directory or number is taken
 */
export async function newExercise(id: string, exercisesDirectory: string): Promise<string> {
  if (!/^\d\d(-[a-z0-9]+)+$/.test(id)) {
    throw new OnrampError("USAGE", `\`${id}\` is no exercise's id.`, {
      fix: "An id is two digits and lower-case words, joined by hyphens: `npx onramp new 08-driving-score`.",
    });
  }
  const ids = await listExerciseIds(exercisesDirectory);
  const holder = ids.find((other) => other.slice(0, 2) === id.slice(0, 2));
  if (holder !== undefined) {
    const free = Array.from({ length: 99 }, (_, index) => String(index + 1).padStart(2, "0")).find(
      (number) => !ids.some((other) => other.startsWith(number)),
    );
    throw new OnrampError("USAGE", `The number ${id.slice(0, 2)} is taken by \`${holder}\`.`, {
      fix: `Choose another: \`npx onramp new ${free}${id.slice(2)}\`.`,
    });
  }
  const directory = join(exercisesDirectory, id);
  const copy = join(exercisesDirectory, `.new-${id}-${process.pid}`);
  try {
    await cp(scaffold, copy, { recursive: true });
    for (const file of await filesBelow(copy)) await fillIn(join(copy, file), id);
    if (existsSync(directory)) throw new Error(`${directory} is there already`);
    await rename(copy, directory);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    throw new OnrampError("LAYOUT_INVALID", `${directory} was not made: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return directory;
}

async function fillIn(file: string, id: string): Promise<void> {
  const words = id.slice(3).replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(scaffoldId, id).replaceAll(scaffoldTitle, title));
}
