import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import {
  exerciseManifest,
  type ExerciseManifest,
  mutantManifest,
  type MutantManifest,
  variantManifest,
  type VariantManifest,
} from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";

/** An exercise on disk. */
export interface Exercise {
  readonly id: string;
  readonly directory: string;
  readonly manifest: ExerciseManifest;
}

/** A directory laid over an exercise's solution. */
export interface Overlay<Manifest> {
  readonly name: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/** The ids of all exercises below `exercisesDirectory`, in the order of their stages. */
export async function listExerciseIds(exercisesDirectory: string): Promise<string[]> {
  const entries = await readdir(exercisesDirectory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && /^\d\d-/.test(entry.name))
    .map((entry) => entry.name)
    .toSorted();
}

/**
 * Reads an exercise's manifest.
 * @throws {OnrampError} MANIFEST_INVALID when it breaks the schema or its id is not the directory's name
 */
export async function loadExercise(directory: string): Promise<Exercise> {
  const manifest = await readManifest(join(directory, "exercise.yaml"), exerciseManifest);
  const name = directory.split("/").findLast((part) => part !== "");
  if (manifest.id !== name) {
    throw new OnrampError(
      "MANIFEST_INVALID",
      `${directory}/exercise.yaml: id is \`${manifest.id}\`, but the directory is \`${name}\`.`,
    );
  }
  return { id: manifest.id, directory, manifest };
}

/** The exercise's known mistakes, by name. */
export async function loadMutants(exercise: Exercise): Promise<Overlay<MutantManifest>[]> {
  return loadOverlays(join(exercise.directory, "mutants"), "mutant.yaml", (file) =>
    readManifest(file, mutantManifest),
  );
}

/** The exercise's other right answers, by name. */
export async function loadVariants(exercise: Exercise): Promise<Overlay<VariantManifest>[]> {
  return loadOverlays(join(exercise.directory, "variants"), "variant.yaml", (file) =>
    readManifest(file, variantManifest),
  );
}

async function loadOverlays<Manifest>(
  directory: string,
  file: string,
  read: (file: string) => Promise<Manifest>,
): Promise<Overlay<Manifest>[]> {
  const names = await readdir(directory).catch((): string[] => []);
  const overlays: Overlay<Manifest>[] = [];
  for (const name of names.toSorted()) {
    const path = join(directory, name);
    if ((await stat(path)).isDirectory())
      overlays.push({ name, directory: path, manifest: await read(join(path, file)) });
  }
  return overlays;
}

/** What the exercise is judged by, as one digest: manifest, starter and grader. */
export async function digestExercise(exercise: Exercise): Promise<string> {
  const hash = createHash("sha256");
  for (const part of ["exercise.yaml", "starter", "grader"]) {
    const path = join(exercise.directory, part);
    const isDirectory = (await stat(path)).isDirectory();
    const files = isDirectory ? await filesBelow(path) : [""];
    for (const file of files)
      hash
        .update(`${part}/${file}\0`)
        .update(await readFile(join(path, file)))
        .update("\0");
  }
  return `sha256:${hash.digest("hex")}`;
}

/** Paths of all regular files below a directory, relative to it, sorted; `node_modules` and `dist` apart. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .toSorted();
}
