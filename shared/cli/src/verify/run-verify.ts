import { styleText } from "node:util";
import { listExerciseIds } from "@onramp/exercise/load-exercise";
import { randomSeed } from "@onramp/grading/seed";
import { formatDuration } from "@onramp/reports/format-duration";
import { chooseExercise } from "../exercise-choice.ts";
import { exercisesDirectory } from "../repository.ts";
import { writeOutput } from "../write-output.ts";
import { openResume } from "./resume.ts";
import { verifyExercise } from "./verify-exercise.ts";
import type { VerifiedExercise, VerifiedSubmission, VerifyReport } from "./verify-report.ts";

export interface VerifyCommandOptions {
  readonly full?: boolean;
  readonly repeat: number;
  readonly resume?: boolean;
  readonly json?: string;
  readonly seed?: string;
}

/**
 * Verifies the named exercises, all of them when none is named, and prints the kill matrix.
 * @returns the exit code: 0 when every grader judged rightly, else 1
 */
export async function runVerify(
  ids: readonly string[],
  options: VerifyCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const start = Date.now();
  const { full: isFull = false, repeat, seed = randomSeed() } = options;
  const names = ids.length > 0 ? ids : await listExerciseIds(exercisesDirectory);
  const exercises: VerifiedExercise[] = [];
  for (const name of names) {
    const exercise = await chooseExercise(name);
    print(
      `\n${bold(exercise.id)}  ${exercise.manifest.title}  (seed ${seed}${isFull ? ", all checks" : ""})`,
    );
    const resume = await openResume(
      exercise,
      `${isFull ? "full" : "named"} ${repeat}`,
      options.resume ?? false,
    );
    const said = new Set<string>();
    const onProgress = (text: string): void => {
      if (!said.has(text)) process.stderr.write(`  · ${text}\n`);
      said.add(text);
    };
    const verified = await verifyExercise(exercise, {
      isFull,
      repeat,
      seed,
      signal,
      resume,
      onProgress,
      onVerified: printSubmission,
    });
    printMatrix(verified);
    exercises.push(verified);
  }
  const outcome = exercises.every((exercise) => exercise.outcome === "passed")
    ? "passed"
    : "failed";
  const report: VerifyReport = {
    schema: "onramp/verify@1",
    outcome,
    durationMs: Date.now() - start,
    seed,
    exercises,
  };
  if (options.json !== undefined)
    await writeOutput(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return outcome === "passed" ? 0 : 1;
}

function printSubmission({
  kind,
  name,
  ok,
  failed,
  durationMs,
  problem,
}: VerifiedSubmission): void {
  const mark = ok
    ? styleText("green", "✓", { stream: process.stdout })
    : styleText("red", "✗", { stream: process.stdout });
  const verdict = failed.length > 0 ? `fails ${failed.join(", ")}` : "passes";
  print(
    `  ${mark} ${kind.padEnd(8)}  ${name.padEnd(34)} ${formatDuration(durationMs).padStart(8)}  ${verdict}`,
  );
  if (problem !== null) print(problem.replaceAll(/^/gm, "      "));
}

function printMatrix({
  id,
  kills,
  unkilled,
  problems,
  submissions,
  outcome,
  durationMs,
}: VerifiedExercise): void {
  print(`\n  ${bold("Killed by")}`);
  for (const [check, mutants] of Object.entries(kills)) {
    const by =
      mutants.length > 0
        ? mutants.join(", ")
        : styleText("red", "no mutant", { stream: process.stdout });
    print(`  ${check.padEnd(38)} ${by}`);
  }
  for (const problem of problems)
    print(`  ${styleText("red", "✗", { stream: process.stdout })} ${problem}`);
  const right = submissions.filter(({ ok }) => ok).length;
  print(
    `\n  ${id} ${outcome}: ${right} of ${submissions.length} submissions judged rightly, ${unkilled.length} checks without a mutant, ${formatDuration(durationMs)}`,
  );
}

function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
