import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";
import { renderJson } from "@onramp/reports/json";
import { renderJunit } from "@onramp/reports/junit";
import { renderMarkdown } from "@onramp/reports/markdown";
import {
  renderScoresCsv,
  renderScoresJson,
  type ScoreRow,
  scoreRowOf,
} from "@onramp/reports/scores";
import writeFileAtomic from "write-file-atomic";
import { brokenReport } from "./broken-report.ts";
import { notWritten } from "./write-output.ts";

/** A directory to grade, and the name of its folder in the output. */
export interface ScoreTask {
  readonly name: string;
  readonly directory: string;
  readonly exercise: Exercise;
}

export interface ScoreOptions {
  readonly out: string;
  /** How many are graded side by side. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly grade: (task: ScoreTask, signal: AbortSignal) => Promise<GradeReport>;
  onScored(row: ScoreRow, report: GradeReport): void;
}

/**
 * Grades every submission and writes a folder for each as soon as its report is known; `scores.json` and `scores.csv`
 * are whole at every moment. One that breaks is a row with the outcome not-graded, and the others go on.
 * @throws {OnrampError} DISK_FULL or REPORT_NOT_WRITTEN, after all were graded, when something could not be written
 */
export async function scoreSubmissions(
  tasks: readonly ScoreTask[],
  options: ScoreOptions,
): Promise<ScoreRow[]> {
  const rows = new Map<string, ScoreRow>();
  const sorted = () => tasks.map(({ name }) => rows.get(name)).filter((row) => row !== undefined);
  const failures: unknown[] = [];
  const waiting = [...tasks];
  let writing = Promise.resolve();
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task && !options.signal.aborted; task = waiting.shift()) {
      const report = await gradeOne(task, options);
      if (options.signal.aborted) return;
      const row = scoreRowOf(task.name, report, `${task.name}/report.json`);
      rows.set(task.name, row);
      // One after the other: two writers of `scores.json` would undo each other.
      writing = writing
        .then(() => writeScores(options.out, task.name, report, sorted()))
        .catch((error: unknown) => void failures.push(error));
      await writing;
      options.onScored(row, report);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, tasks.length) }, work));
  const [failure] = failures;
  if (failure !== undefined) throw notWritten(options.out, failure);
  return sorted();
}

async function gradeOne(task: ScoreTask, { grade, signal }: ScoreOptions): Promise<GradeReport> {
  try {
    return await grade(task, signal);
  } catch (error) {
    return brokenReport(task.exercise, error);
  }
}

async function writeScores(
  out: string,
  name: string,
  report: GradeReport,
  rows: readonly ScoreRow[],
): Promise<void> {
  const directory = join(out, name);
  await mkdir(directory, { recursive: true });
  await writeFileAtomic(join(directory, "report.json"), renderJson(report));
  await writeFileAtomic(join(directory, "report.xml"), renderJunit([report]));
  await writeFileAtomic(join(directory, "report.md"), renderMarkdown(report));
  await writeFileAtomic(join(out, "scores.json"), renderScoresJson(rows));
  await writeFileAtomic(join(out, "scores.csv"), renderScoresCsv(rows));
}
