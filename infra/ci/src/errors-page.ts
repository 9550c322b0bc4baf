import { codes, type ErrorCodeEntry, type Fault } from "@onramp/errors/codes";
import { markdownTable } from "./markdown-table.ts";

const groups: Readonly<Record<Fault, { heading: string; text: string }>> = {
  user: {
    heading: "What was typed or is not there yet",
    text: "The command could not do what was asked. Nothing was graded, and nothing was lost.",
  },
  submission: {
    heading: "The submission",
    text: "The submission could not be taken as it is, or it broke what it ran on.",
  },
  author: {
    heading: "The exercise",
    text: "An exercise is not as the kit expects it. Authors meet these; if a hire does, a mentor should hear of it.",
  },
  ours: {
    heading: "Our side: the kit, the machine, the network",
    text: "None of these costs a hire anything: what they hit is not graded, never wrong.",
  },
};

/** `docs/reference/errors.md`: every error code, grouped by whose fault it stands for. */
export function errorsPage(): string {
  const entries = Object.entries<ErrorCodeEntry>(codes);
  const sections = Object.entries(groups).map(([fault, { heading, text }]) => {
    const rows = entries
      .filter(([, entry]) => entry.fault === fault)
      .map(([code, entry]) => [`\`${code}\``, entry.meaning, entry.fix, String(entry.exitCode)]);
    return `## ${heading}\n\n${text}\n\n${markdownTable(["code", "meaning", "what to do", "exit code"], rows)}`;
  });
  return `${introduction}\n\n${sections.join("\n\n")}`;
}

const introduction = `# Error codes

Every message that is not a check's verdict carries one of these codes: on the terminal, in a report's \`problems\`, and in the \`cause\` of a check that could not be judged. The message itself holds the values seen and what to do; the table says what the code means in general.

One code stands in reports only: \`SUBMISSION_BROKE_SERVICE\` is the cause of a failed check. The service died twice under the submission, and a fresh one worked without it.

Exit codes: 0 everything passed, 1 a check failed, 2 wrong usage, 3 not graded, 4 invalid submission, 130 interrupted.`;
