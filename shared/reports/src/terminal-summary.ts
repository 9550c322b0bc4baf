import type { GradeReport, ReportOutcome } from "@onramp/grading/report";
import { formatDuration } from "./format-duration.ts";
import {
  causeRows,
  countWords,
  otherProblems,
  outcomeSentence,
  plural,
  problemsHeading,
  scoreWords,
} from "./report-words.ts";
import { indent, labelled, type Paint, type Style, wrapWords } from "./terminal-text.ts";
import { visibleLine } from "./visible-text.ts";

const outcomeStyles: Readonly<Record<ReportOutcome, Style>> = {
  passed: ["green", "bold"],
  failed: ["red", "bold"],
  "not-graded": ["yellow", "bold"],
  "invalid-submission": ["yellow", "bold"],
};

const ignoredShown = 5;

/** The end of a report: the outcome in words, score, time, what went wrong beside the checks, and what to do next. */
export function summaryLines(
  report: GradeReport,
  next: readonly string[],
  width: number,
  paint: Paint,
): string[] {
  const inner = width - 2;
  const label = (text: string) => paint("dim", text);
  const heading = (text: string) => paint("bold", text);
  const problems = otherProblems(report).map((problem, index) => [
    ...(index === 0 ? [heading(problemsHeading(report))] : []),
    ...labelled(causeRows(problem), inner, label),
  ]);
  const lookalikes = report.lookalikes.flatMap(({ mutant, mistake }) =>
    wrapWords(`${mistake} (${mutant})`, inner),
  );
  const blocks = [
    [paint("dim", "─".repeat(inner))],
    wrapWords(outcomeSentence(report), inner).map((line) =>
      paint(outcomeStyles[report.outcome], line),
    ),
    labelled(facts(report, inner), inner, label),
    ...problems,
    lookalikes.length === 0
      ? []
      : [heading("A guess: known mistakes that fail the same checks"), ...lookalikes],
    next.length === 0
      ? []
      : [
          heading("What to do next"),
          ...labelled(
            next.map((step, index) => [`${index + 1}.`, step]),
            inner,
            label,
          ),
        ],
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return [
    "",
    ...indent(
      filled.flatMap((block, index) => (index < 2 ? block : ["", ...block])),
      2,
    ),
    "",
  ];
}

function facts(report: GradeReport, width: number): [label: string, text: string][] {
  const lines: [string, string][] = [];
  if (report.outcome !== "invalid-submission") {
    lines.push([
      "Score",
      `${bar(report.score.earned / report.score.possible, Math.min(20, width - 40))}${scoreWords(report.score)}`,
    ]);
  }
  if (report.checks.length > 0) lines.push(["Checks", countWords(report.checks)]);
  lines.push([
    "Time",
    `${formatDuration(report.durationMs)}, of it ${formatDuration(report.setupMs)} for set-up`,
  ]);
  if (report.attempts > 1)
    lines.push(["Attempts", `${report.attempts}: something of ours broke in the first`]);
  const { ignored } = report.submission;
  if (ignored.length > 0) {
    const more =
      ignored.length > ignoredShown
        ? `, and ${plural(ignored.length - ignoredShown, "other")}`
        : "";
    lines.push([
      "Not taken",
      `${ignored.slice(0, ignoredShown).map(visibleLine).join(", ")}${more} (the exercise does not ask for them)`,
    ]);
  }
  return lines;
}

function bar(share: number, width: number): string {
  if (width < 10) return "";
  // Rounded down: a full bar means full marks.
  const filled = Math.floor(share * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}  `;
}
