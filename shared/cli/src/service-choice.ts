import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isOnrampError, OnrampError } from "@onramp/errors/onramp-error";
import { type Exercise, listExerciseIds, loadExercise } from "@onramp/exercise/load-exercise";
import type { Contents, KeptService } from "@onramp/testbed/kept/kept-service";
import { keptServices } from "@onramp/testbed/kept/kept-services";
import { closest } from "./closest.ts";
import { findExerciseId } from "./exercise-choice.ts";
import { exercisesDirectory, workDirectory } from "./repository.ts";

/** What a user asked for by the names of services and exercises. */
export interface ServiceChoice {
  /** Each once, in the order of the help. */
  readonly services: readonly KeptService[];
  readonly contents: Contents;
}

/**
 * The services that were named, and those that the named exercises need and that can be kept running.
 * @throws {OnrampError} USAGE for a name that is neither, EXERCISE_UNKNOWN for one that several exercises have
 */
export async function chooseServices(typed: readonly string[]): Promise<ServiceChoice> {
  const all = await loadExercises();
  const exercises = all.filter((exercise) => servicesOf(exercise).length > 0);
  if (typed.length === 0)
    throw new OnrampError("USAGE", `Which services? ${offer(exercises)}`, { fix: example });
  const services = new Set<KeptService>();
  const schemas: string[] = [];
  let project: string | undefined;
  for (const word of typed) {
    const service = keptServices.find(({ name }) => name === word.toLowerCase());
    if (service !== undefined) {
      services.add(service);
      continue;
    }
    const exercise = exerciseOf(word, all, exercises);
    for (const needed of servicesOf(exercise)) services.add(needed);
    schemas.push(...(await schemaOf(exercise)));
    project = join(workDirectory, exercise.id);
  }
  return {
    services: keptServices.filter((service) => services.has(service)),
    contents: {
      schemas,
      directory: join(workDirectory, ".onramp"),
      tripApiStage: join(exercisesDirectory, "01-docker"),
      project,
    },
  };
}

const example = "Run `npx onramp up --help` for examples.";

function exerciseOf(
  word: string,
  all: readonly Exercise[],
  exercises: readonly Exercise[],
): Exercise {
  const id = idOf(
    word,
    all.map((exercise) => exercise.id),
  );
  const exercise = all.find((candidate) => candidate.id === id);
  if (exercise === undefined) {
    const names = [
      ...keptServices.map(({ name }) => name),
      ...exercises.map(({ id: known }) => known),
    ];
    const near = closest(word.toLowerCase(), names);
    const meant = near === undefined ? "" : ` Did you mean \`${near}\`?`;
    throw new OnrampError(
      "USAGE",
      `There is no service and no exercise \`${word}\`.${meant} ${offer(exercises)}`,
      { fix: example },
    );
  }
  if (servicesOf(exercise).length === 0)
    throw new OnrampError(
      "USAGE",
      `${exercise.id} needs no service that is kept running. ${offer(exercises)}`,
      { fix: `\`npx onramp grade ${exercise.id}\` starts all that it needs.` },
    );
  return exercise;
}

/** Undefined where no exercise is like that: then a service may have been meant. */
function idOf(word: string, ids: readonly string[]): string | undefined {
  try {
    return findExerciseId(word, ids);
  } catch (error) {
    if (isOnrampError(error) && error.message.startsWith("There is no exercise")) return undefined;
    throw error;
  }
}

function servicesOf({ manifest }: Exercise): KeptService[] {
  return keptServices.filter(({ name }) => manifest.needs.includes(name));
}

function offer(exercises: readonly Exercise[]): string {
  const services = keptServices.map(({ name }) => name).join(", ");
  const ids = exercises.map(({ id }) => id).join(", ");
  return `Services: ${services}. Exercises with such services: ${ids}.`;
}

/** The tables of an exercise, where it has some: the starter's own, whatever the hire has changed. */
async function schemaOf({ directory }: Exercise): Promise<string[]> {
  try {
    return [await readFile(join(directory, "starter", "schema.sql"), "utf8")];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function loadExercises(): Promise<Exercise[]> {
  const ids = await listExerciseIds(exercisesDirectory);
  return Promise.all(ids.map(async (id) => loadExercise(join(exercisesDirectory, id))));
}
