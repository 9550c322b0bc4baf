import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Exercise, listExerciseIds, loadExercise } from "@onramp/exercise/load-exercise";
import { readHints } from "./hints.ts";
import { type ExerciseProgress, isPassed, progressOf, readProgress } from "./progress.ts";
import { exercisesDirectory, workDirectory } from "./repository.ts";

/** `graded` is a grading whose checks did not all pass; `not graded` one that a fault of ours ended. */
export type StandingState =
  | "not started"
  | "started"
  | "graded"
  | "not graded"
  | "invalid"
  | "passed"
  | "submitted";

/** Where the hire stands in one exercise, and what to do next in it. */
export interface Standing {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly state: StandingState;
  readonly best: ExerciseProgress["best"];
  readonly last: ExerciseProgress["last"];
  readonly hints: { readonly used: number; readonly there: number };
  readonly submitted: ExerciseProgress["submitted"];
  /** The command to type next, or null when nothing is left to do. */
  readonly next: string | null;
}

/** Where the hire stands in every exercise, in the order of the stages. */
export async function readStandings(): Promise<Standing[]> {
  const ids = await listExerciseIds(exercisesDirectory);
  const [progress, exercises] = await Promise.all([
    readProgress(),
    Promise.all(ids.map((id) => loadExercise(join(exercisesDirectory, id)))),
  ]);
  return Promise.all(
    exercises.map((exercise) => standingOf(exercise, progressOf(progress, exercise.id))),
  );
}

/** The one exercise to go on with: the first that was begun and is not done, else the first that was not begun, or none. */
export function currentStanding(standings: readonly Standing[]): Standing | undefined {
  const open = standings.filter(({ next }) => next !== null);
  return open.find(({ state }) => state !== "not started") ?? open[0];
}

async function standingOf(exercise: Exercise, progress: ExerciseProgress): Promise<Standing> {
  const { id, manifest } = exercise;
  const state = stateOf(progress, existsSync(join(workDirectory, id)));
  return {
    id,
    title: manifest.title,
    minutes: manifest.minutes,
    state,
    best: progress.best,
    last: progress.last,
    hints: { used: progress.hints.length, there: (await readHints(exercise)).length },
    submitted: progress.submitted,
    next: nextCommand(state, id),
  };
}

function stateOf(progress: ExerciseProgress, hasWork: boolean): StandingState {
  if (progress.submitted !== null) return "submitted";
  if (isPassed(progress)) return "passed";
  if (!hasWork) return "not started";
  switch (progress.last?.outcome) {
    case undefined:
      return "started";
    case "not-graded":
      return "not graded";
    case "invalid-submission":
      return "invalid";
    default:
      return "graded";
  }
}

function nextCommand(state: StandingState, id: string): string | null {
  switch (state) {
    case "not started":
      return `npx onramp start ${id}`;
    case "started":
    case "graded":
    case "invalid":
      return `npx onramp grade ${id}`;
    case "not graded":
      return "npx onramp doctor";
    case "passed":
      return `npx onramp submit ${id}`;
    case "submitted":
      return null;
  }
}
