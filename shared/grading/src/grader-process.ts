// The grader: one process per grading. It is told its job over IPC, runs the checks with Vitest in this process
// (one worker thread, so that whoever kills the process kills all of it) and reports each outcome as it comes.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { codes } from "@onramp/errors/codes";
import { messageOf } from "@onramp/errors/onramp-error";
import { loadExercise } from "@onramp/exercise/load-exercise";
import {
  BaseSequencer,
  createVitest,
  type Reporter,
  type TestCase,
  type TestSpecification,
} from "vitest/node";
import type { GraderEvent } from "./grader-event.ts";
import { type GradingJob, gradingJob } from "./job.ts";
import { blankOutcome, notGraded } from "./not-graded.ts";

let scratchDirectory: string | undefined;

// The parent is gone, even by `kill -9`: end at once. The reaper frees what was started.
process.on("disconnect", () => {
  try {
    if (scratchDirectory !== undefined) rmSync(scratchDirectory, { recursive: true, force: true });
  } finally {
    killGroup();
  }
});
process.once("message", (message) => {
  const job = gradingJob.parse(message);
  scratchDirectory = job.scratchDirectory;
  void run(job);
});

async function run(job: GradingJob): Promise<void> {
  try {
    await grade(job);
  } catch (error) {
    await send({
      kind: "broke",
      detail: error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error),
    });
  }
  process.exit(0);
}

async function grade(job: GradingJob): Promise<void> {
  const { manifest } = await loadExercise(job.exerciseDirectory);
  const vitest = await createVitest(
    {
      root: job.exerciseDirectory,
      config: false,
      include: ["grader/**/*.check.ts"],
      watch: false,
      pool: "threads",
      isolate: false,
      fileParallelism: false,
      maxWorkers: 1,
      retry: 0,
      // Concurrent checks, at a time: most of each is waiting, but two cores run the programs and the services.
      maxConcurrency: 4,
      sequence: { sequencer: ByName },
      // With `--only`, a check file may have none to run.
      passWithNoTests: true,
      reporters: [eventReporter(job, manifest.checks)],
      provide: { job, declarations: manifest.checks },
    },
    { cacheDir: join(job.exerciseDirectory, "node_modules/.vite"), server: { watch: null } },
  );
  await vitest.start();
  await vitest.close();
}

/** Check files in the order of their names, so that a check runs after those that it comes after. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

function eventReporter(job: GradingJob, declarations: GradingJobDeclarations): Reporter {
  const judged = new Set<string>();
  return {
    async onTestCaseReady(testCase) {
      const id = testCase.meta().checkId;
      if (id !== undefined) await send({ kind: "check-started", id });
    },
    async onTestCaseResult(testCase) {
      const outcome = outcomeOf(testCase, declarations);
      if (outcome === undefined) return;
      judged.add(outcome.id);
      await send({ kind: "check-finished", outcome });
    },
    async onTestRunEnd(modules, unhandledErrors) {
      const errors = [...unhandledErrors, ...modules.flatMap((module) => module.errors())];
      const missing = job.checks.filter((id) => !judged.has(id));
      if (errors.length === 0 && missing.length === 0) return;
      const reasons = errors.map((error) => error.stack ?? error.message);
      if (missing.length > 0) reasons.push(`No check was run for: ${missing.join(", ")}.`);
      await send({ kind: "broke", detail: reasons.join("\n") });
    },
  };
}

type GradingJobDeclarations = { id: string; title: string; points: number }[];

/** A check's outcome; one whose service did not start has none of its own, and was not graded. */
function outcomeOf(testCase: TestCase, declarations: GradingJobDeclarations) {
  const { checkId, outcome } = testCase.meta();
  if (outcome !== undefined) return outcome;
  const declared = declarations.find(({ id }) => id === checkId);
  if (declared === undefined) return undefined;
  const result = testCase.result();
  const error =
    result.state === "failed"
      ? result.errors[0]
      : new Error(`Vitest ended the check as ${result.state}.`);
  return { ...blankOutcome(declared), ...notGraded(error) };
}

function send(event: GraderEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined)
      throw new Error(`${codes.GRADER_BUG.meaning} It was started without a parent.`);
    process.send(event, () => resolve());
  });
}

function killGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(1);
  }
}
