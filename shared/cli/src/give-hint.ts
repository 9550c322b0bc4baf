import { styleText } from "node:util";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { failedCheckIds, type Hint, nextHint, readHints } from "./hints.ts";
import { progressOf, readLastReport, readProgress, recordHint } from "./progress.ts";
import { terminalMarkdown, textWidth } from "./terminal-markdown.ts";

/** Prints the next hint, notes that it was given, and says how many are left. */
export async function printNextHint(exercise: Exercise): Promise<void> {
  const [hints, progress, report] = await Promise.all([
    readHints(exercise),
    readProgress(),
    readLastReport(exercise.id),
  ]);
  const given = progressOf(progress, exercise.id).hints;
  const hint = nextHint(hints, given, report);
  if (hint === undefined) {
    print(whyNone(exercise.id, hints, failedCheckIds(report), report?.outcome === "passed"));
    return;
  }
  await recordHint(exercise.id, hint.name);
  const left = hints.filter(({ name }) => name !== hint.name && !given.includes(name));
  const ofCheck = left.filter(({ checkId }) => checkId === hint.checkId).length;
  print(
    `${rendered(exercise, hint)}\n\n${ofCheck} more for this check, ${left.length} more in ${exercise.id}. Then: npx onramp grade ${exercise.id}`,
  );
}

/** Prints the hints that were given, in their order. */
export async function printGivenHints(exercise: Exercise): Promise<void> {
  const [hints, progress] = await Promise.all([readHints(exercise), readProgress()]);
  const given = progressOf(progress, exercise.id)
    .hints.map((name) => hints.find((hint) => hint.name === name))
    .filter((hint) => hint !== undefined);
  print(
    given.length === 0
      ? `No hint of ${exercise.id} was given yet. For the first one: npx onramp hint ${exercise.id}`
      : given.map((hint) => rendered(exercise, hint)).join("\n\n"),
  );
}

function rendered(exercise: Exercise, hint: Hint): string {
  const check = exercise.manifest.checks.find(({ id }) => id === hint.checkId);
  const heading = `${check?.title ?? hint.checkId}  (${hint.name})`;
  return `${styleText("bold", heading, { stream: process.stdout })}\n\n${terminalMarkdown(hint.text, textWidth())}`;
}

function whyNone(
  id: string,
  hints: readonly Hint[],
  failed: readonly string[],
  isPassed: boolean,
): string {
  if (hints.length === 0) return `${id} has no hints. Ask your mentor.`;
  if (isPassed)
    return `Your last grading passed every check of ${id}. Next: npx onramp submit ${id}`;
  const which = failed.length === 0 ? id : failed.join(", ");
  return `Every hint for ${which} was given. \`npx onramp hint ${id} --list\` shows them again; your mentor is the next one to ask.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
