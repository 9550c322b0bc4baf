import { styleText } from "node:util";
import { currentStanding, readStandings, type Standing } from "./standings.ts";

/** What `onramp` alone prints: the exercise to go on with, how it stands, and one command to type next. */
export async function printWhereYouStand(): Promise<void> {
  const standings = await readStandings();
  const current = currentStanding(standings);
  const done = standings.filter(({ next }) => next === null).length;
  const bold = (text: string) => styleText("bold", text, { stream: process.stdout });
  const lines =
    current === undefined
      ? [
          bold("Every exercise is submitted."),
          "Your mentor has the word now. `npx onramp status` shows your scores.",
        ]
      : [
          `${bold(`${current.id}  ${current.title}`)}  (${done} of ${standings.length} submitted)`,
          sentenceOf(current),
          "",
          `→ ${bold(current.next ?? "")}`,
        ];
  process.stdout.write(`${lines.join("\n")}\n\nAll commands: npx onramp --help\n`);
}

function sentenceOf({ id, state, minutes, last, hints }: Standing): string {
  const score = last ? `${last.score.earned} of ${last.score.possible} points` : "";
  switch (state) {
    case "not started":
      return `You have not started it. Plan about ${minutes} minutes; the brief is exercises/${id}/README.md.`;
    case "started":
      return `You have the starter in work/${id}. The brief is exercises/${id}/README.md.`;
    case "graded":
      return `Your last grading earned ${score}. Change work/${id} and grade again, or ask for a hint with \`npx onramp hint ${id}\` (${hints.used} of ${hints.there} used).`;
    case "not graded":
      return "Your last grading could not judge everything. That was not your work's fault, and it costs you nothing.";
    case "invalid":
      return `work/${id} holds something that cannot be taken. Grading says what.`;
    case "passed":
    case "submitted":
      return "Every check passed. Your mentor has not seen it yet.";
  }
}
