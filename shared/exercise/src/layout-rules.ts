import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Exercise, filesBelow, loadMutants, loadVariants } from "./load-exercise.ts";

const required = [
  "README.md",
  "hints.md",
  "rubric.md",
  "package.json",
  "starter",
  "solution",
  "grader",
];

/** What is wrong with how an exercise is laid out; empty when nothing is. */
export async function layoutProblems(exercise: Exercise): Promise<string[]> {
  const missing = required.filter((name) => !existsSync(join(exercise.directory, name)));
  if (missing.length > 0) return missing.map((name) => `${exercise.id}: \`${name}\` is missing.`);
  return [
    ...prerequisiteProblems(exercise),
    ...(await graderProblems(exercise)),
    ...(await overlayProblems(exercise)),
  ];
}

function prerequisiteProblems({ id, manifest: { checks } }: Exercise): string[] {
  const known = new Set<string>();
  return checks.flatMap((check) => {
    const repeated = known.has(check.id)
      ? [`${id}: the check id \`${check.id}\` stands there twice.`]
      : [];
    const unknown = check.after.filter((other) => !known.has(other));
    known.add(check.id);
    return [
      ...repeated,
      ...unknown.map(
        (other) =>
          `${id}: \`${check.id}\` comes after \`${other}\`, which does not stand before it.`,
      ),
    ];
  });
}

async function graderProblems({
  id,
  directory,
  manifest: { checks },
}: Exercise): Promise<string[]> {
  const grader = join(directory, "grader");
  // A check file that would be long imports its checks from a directory of its own.
  const files = (await filesBelow(grader)).filter(
    (file) => file.endsWith(".check.ts") || /^\d.*\.ts$/.test(file),
  );
  if (!files.some((file) => file.endsWith(".check.ts")))
    return [`${id}: grader/ holds no *.check.ts.`];
  const texts = await Promise.all(files.map((file) => readFile(join(grader, file), "utf8")));
  const text = texts.join("\n");
  const positions = checks.map((check) => text.indexOf(`"${check.id}"`));
  const missing = checks.filter((_, index) => positions[index] === -1);
  if (missing.length > 0) {
    return missing.map((check) => `${id}: no check file has a check \`${check.id}\`.`);
  }
  // The hire sees checks finish in the order of the files, and reads of them in the order of the manifest.
  const early = checks.find((_, index) => (positions[index] ?? 0) < (positions[index - 1] ?? 0));
  return early === undefined
    ? []
    : [`${id}: \`${early.id}\` stands in another order in exercise.yaml than in grader/.`];
}

async function overlayProblems(exercise: Exercise): Promise<string[]> {
  const ids = new Set(exercise.manifest.checks.map(({ id }) => id));
  const problems: string[] = [];
  for (const { name, manifest } of await loadMutants(exercise)) {
    for (const id of manifest.fails.filter((check) => !ids.has(check))) {
      problems.push(`${exercise.id}: the mutant ${name} names the unknown check \`${id}\`.`);
    }
  }
  for (const { name, manifest } of await loadVariants(exercise)) {
    for (const id of manifest.touches.filter((check) => !ids.has(check))) {
      problems.push(`${exercise.id}: the variant ${name} names the unknown check \`${id}\`.`);
    }
  }
  return problems;
}
