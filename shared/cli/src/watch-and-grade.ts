import { once } from "node:events";
import { watch } from "chokidar";
import { isOnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { printError } from "./print-error.ts";
import { type GradeCommandOptions, runGrade, submissionDirectory } from "./run-grade.ts";

/** Editors write a file in several steps: what comes within this time is one save. */
const oneSaveMs = 150;

/**
 * Grades now and after every save, until the signal is aborted. A save cancels the run under way.
 * @returns the exit code of the last grading that ended
 */
export async function watchAndGrade(
  exercise: Exercise,
  options: GradeCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const directory = submissionDirectory(exercise, options.submission);
  const ignored = /(^|\/)(node_modules|\.git|dist)(\/|$)/;
  const watcher = watch(directory, {
    ignored: (path) => ignored.test(path.slice(directory.length)),
    ignoreInitial: true,
  });
  await once(watcher, "ready");
  let save = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save.abort(), oneSaveMs);
  });
  let exitCode = 0;
  try {
    while (!signal.aborted) {
      save = new AbortController();
      const either = AbortSignal.any([signal, save.signal]);
      try {
        ({ exitCode } = await runGrade(exercise, options, either));
        process.stderr.write("\nWatching for your next save. Ctrl-C ends it.\n");
      } catch (error) {
        if (!either.aborted) exitCode = reportTrouble(error);
      }
      if (!either.aborted) await once(either, "abort");
      if (!signal.aborted)
        process.stderr.write(`\nSaved at ${new Date().toLocaleTimeString()}: grading again.\n`);
    }
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
  return exitCode;
}

/** A fault of ours is told, and the next save may find it mended; anything else ends the watching. */
function reportTrouble(error: unknown): number {
  if (!isOnrampError(error)) throw error;
  return printError(error);
}
