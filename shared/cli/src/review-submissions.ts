import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";
import { collect, type Submission } from "@onramp/submission/collect";
import { type ChangedOutcome, changedOutcomes } from "./changed-outcomes.ts";
import { diffSubmissions } from "./submission-diff.ts";
import { exerciseOfSubmission } from "./submission-exercise.ts";

/** What is known of a submission before it is graded: enough to show the diff while the grading goes on. */
export interface ReviewSubject {
  readonly exercise: Exercise;
  /** The directory whose outcomes are shown: the later one of two. */
  readonly directory: string;
  /** The last attempt, when two directories were named. */
  readonly before: string | undefined;
  /** The diff against the starter, or against the last attempt. */
  readonly diff: string;
  readonly diffTitle: string;
  readonly rubric: string;
}

/** A review as a whole. */
export interface Review extends ReviewSubject {
  readonly report: GradeReport;
  readonly changed: readonly ChangedOutcome[] | undefined;
}

/**
 * Reads one submission, or two attempts at the same exercise (the earlier first), and compares.
 * @throws {OnrampError} USAGE for more than two directories, or two of different exercises
 */
export async function readSubject(
  directories: readonly string[],
  typedExercise?: string,
): Promise<ReviewSubject> {
  const [first, second, third] = directories;
  if (first === undefined || third !== undefined) {
    throw new OnrampError(
      "USAGE",
      `A review is of one submission, or of two attempts at the same exercise; these are ${directories.length} directories.`,
      { fix: "Name one or two directories; `npx onramp score` grades many." },
    );
  }
  const exercise = await exerciseOfSubmission(first, typedExercise);
  if (second !== undefined) {
    const other = await exerciseOfSubmission(second, typedExercise);
    if (other.id !== exercise.id) {
      throw new OnrampError(
        "USAGE",
        `${first} is of ${exercise.id}, but ${second} of ${other.id}: two attempts belong to the same exercise.`,
      );
    }
  }
  const [from, to] =
    second === undefined ? [join(exercise.directory, "starter"), first] : [first, second];
  const taken = (directory: string): Promise<Submission> => collect(directory, exercise.manifest);
  return {
    exercise,
    directory: resolve(to),
    before: second === undefined ? undefined : resolve(first),
    diff: await diffSubmissions(await taken(from), await taken(to)),
    diffTitle:
      second === undefined ? "Against the starter" : `Since the last attempt (${nameOf(first)})`,
    rubric: await readRubric(exercise),
  };
}

/** Puts the reports to the subject. */
export function reviewOf(
  subject: ReviewSubject,
  report: GradeReport,
  before?: GradeReport,
): Review {
  return { ...subject, report, changed: before && changedOutcomes(before, report) };
}

/** The end of the path that tells a submission from others: `ada/01-docker`. */
export function nameOf(directory: string): string {
  const path = resolve(directory);
  return `${basename(dirname(path))}/${basename(path)}`;
}

/** Empty where the exercise has none: a review is still worth having, and `verify` says what is missing. */
async function readRubric(exercise: Exercise): Promise<string> {
  try {
    return await readFile(join(exercise.directory, "rubric.md"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
