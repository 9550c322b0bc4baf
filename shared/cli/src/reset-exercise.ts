import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { workDirectory } from "./repository.ts";
import { ensureWorkRepository, placeStarter } from "./work-repository.ts";

/**
 * Moves the hire's work aside and places the starter anew.
 * @returns the directory that holds the work now
 * @throws {OnrampError} NOT_STARTED when there is no work to move
 */
export async function resetExercise(exercise: Exercise, work = workDirectory): Promise<string> {
  const directory = join(work, exercise.id);
  if (!existsSync(directory)) {
    throw new OnrampError("NOT_STARTED", `There is no ${directory} to reset.`, {
      fix: `Run \`npx onramp start ${exercise.id}\` to get the starter.`,
    });
  }
  await ensureWorkRepository(work);
  const kept = freeName(`${directory}.before-reset-${timeStamp(new Date())}`);
  await rename(directory, kept);
  await placeStarter(exercise, work);
  return kept;
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let number = 2; existsSync(name); number += 1) name = `${wanted}-${number}`;
  return name;
}

/** Local time as YYYYMMDD-HHMMSS. */
function timeStamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
