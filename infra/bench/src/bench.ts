// `npm run bench`: what grading costs, beside what the engine's own work costs when it is typed by hand.
// Prints a table, and writes .results/bench.json. The numbers in docs/reference/performance.md come from it.
import { mkdir, writeFile } from "node:fs/promises";
import { gradeSubmission } from "@onramp/cli/grade-submission";
import { exercisesDirectory, repositoryRoot } from "@onramp/cli/repository";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { byHand } from "./by-hand.ts";
import { coldSolution } from "./cold-solution.ts";
import { measureLauncher } from "./launcher.ts";
import { watchGraderMemory } from "./grader-memory.ts";

const rounds = 3;

interface Row {
  readonly what: string;
  readonly totalMs: number;
  readonly setupMs: number;
  readonly checksMs: number;
  readonly byHandMs: number;
}

const exercise = await loadExercise(`${exercisesDirectory}/01-docker`);
await ensureEngine({ onProgress: console.error, isInteractive: false });
const memory = watchGraderMemory();
const rows: Row[] = [];
// Once for nothing: what the very first grading of a machine makes (images) is measured by `npm start` itself.
await gradeSubmission({ exercise, directory: `${exercise.directory}/solution` });
for (const isCold of [true, false]) {
  for (let round = 0; round < rounds; round += 1) {
    await using graded = await coldSolution(exercise, isCold);
    const { durationMs, setupMs, outcome } = await gradeSubmission({
      exercise,
      directory: graded.directory,
    });
    if (outcome !== "passed")
      throw new Error(`The solution was ${outcome}: there is nothing to measure.`);
    await using typed = await coldSolution(exercise, isCold);
    const byHandMs = await byHand(exercise, typed.directory);
    rows.push({
      what: isCold ? "cold" : "warm",
      totalMs: durationMs,
      setupMs,
      checksMs: durationMs - setupMs,
      byHandMs,
    });
    console.error(
      `${isCold ? "cold" : "warm"} ${round + 1}/${rounds}: ${durationMs} ms, by hand ${byHandMs} ms`,
    );
  }
}

const launcher = await measureLauncher();
const medians = ["cold", "warm"].map((what) => {
  const of = (key: Exclude<keyof Row, "what">): number =>
    median(rows.filter((row) => row.what === what).map((row) => row[key]));
  return {
    what,
    totalMs: of("totalMs"),
    setupMs: of("setupMs"),
    checksMs: of("checksMs"),
    byHandMs: of("byHandMs"),
    ratio: of("totalMs") / of("byHandMs"),
  };
});
console.table(medians);
console.table([{ peakGraderMiB: Math.round(memory.peakBytes() / 1024 ** 2), ...launcher }]);
memory[Symbol.dispose]();
await mkdir(`${repositoryRoot}.results`, { recursive: true });
await writeFile(
  `${repositoryRoot}.results/bench.json`,
  `${JSON.stringify({ rows, medians, launcher, peakGraderBytes: memory.peakBytes() }, null, 2)}\n`,
);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
