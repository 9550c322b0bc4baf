import type { CheckOutcome, CheckStatus, GradeReport, ReportOutcome } from "@onramp/grading/report";
import { formatDuration } from "./format-duration.ts";
import { cutMiddle, fenced, htmlText, inlineText } from "./markdown-text.ts";
import {
  causeRows,
  checkMessage,
  countWords,
  otherProblems,
  ourFault,
  outcomeSentence,
  plural,
  problemsHeading,
  scoreWords,
  statusWords,
} from "./report-words.ts";

const statusSigns: Readonly<Record<CheckStatus, string>> = {
  passed: "✅",
  failed: "❌",
  "timed-out": "❌",
  skipped: "➖",
  "not-graded": "⚠️",
};
const outcomeSigns: Readonly<Record<ReportOutcome, string>> = {
  passed: "✅",
  failed: "❌",
  "not-graded": "⚠️",
  "invalid-submission": "⛔",
};

/** What GitHub takes for the summary of a step. */
const mostBytes = 1_000_000;
/** How much of each text is tried, from all of it down to a few lines, until the page fits. */
const textLimits = [Number.POSITIVE_INFINITY, 100_000, 30_000, 10_000, 3_000, 1_000, 300];

/** A report as Markdown for a step summary or a mentor: a table of the checks, then what was seen under each. */
export function renderMarkdown(report: GradeReport, options: { maxBytes?: number } = {}): string {
  const most = options.maxBytes ?? mostBytes;
  const head = headOf(report);
  for (const limit of textLimits) {
    const remark = Number.isFinite(limit)
      ? [
          `> Long texts are cut to ${limit.toLocaleString("en")} characters here. The JSON report holds all of them.`,
        ]
      : [];
    const page = joined([...head, ...remark, ...table(report), ...details(report, limit)]);
    if (Buffer.byteLength(page) <= most) return page;
  }
  return joined([
    ...head,
    `> The checks do not fit into ${plural(most, "byte")} and are left out here. The JSON report holds all of them.`,
  ]);
}

function headOf(report: GradeReport): string[] {
  const facts = [
    report.outcome === "invalid-submission" ? [] : [`**${scoreWords(report.score)}**`],
    report.checks.length === 0 ? [] : [countWords(report.checks)],
    [`${formatDuration(report.durationMs)}, of it ${formatDuration(report.setupMs)} for set-up`],
    [`seed ${inlineText(cutMiddle(report.seed, 200))}`],
    report.attempts > 1
      ? [`${report.attempts} attempts: something of ours broke in the first`]
      : [],
  ];
  const title = `${report.exercise.id}: ${report.exercise.title}`;
  return [
    `## ${outcomeSigns[report.outcome]} ${inlineText(cutMiddle(title, 300).replaceAll("\n", " "))}`,
    outcomeSentence(report),
    facts.flat().join(" · "),
  ];
}

function table({ checks }: GradeReport): string[] {
  if (checks.length === 0) return [];
  const rows = checks.map((check) => {
    const points =
      check.status === "passed" || check.status === "failed" || check.status === "timed-out"
        ? `${check.earned}/${check.points}`
        : `–/${check.points}`;
    return `| ${statusSigns[check.status]} | ${inlineText(check.title)} | ${statusWords[check.status]} | ${points} | ${formatDuration(check.durationMs)} |`;
  });
  return [
    ["| | Check | Result | Points | Time |", "| --- | --- | --- | ---: | ---: |", ...rows].join(
      "\n",
    ),
  ];
}

function details(report: GradeReport, limit: number): string[] {
  const shown = new Map<string, string>();
  const problems = otherProblems(report).map((problem) => rowList(causeRows(problem), limit));
  return [
    ...(problems.length > 0 ? [`### ${problemsHeading(report)}`, ...problems] : []),
    ...report.checks
      .filter(({ status }) => status !== "passed")
      .flatMap((check) => checkDetails(check, limit, shown)),
    ...(report.lookalikes.length > 0
      ? [
          "### A guess: known mistakes that fail the same checks",
          report.lookalikes
            .map(({ mutant, mistake }) => `- ${inlineText(`${mistake} (${mutant})`)}`)
            .join("\n"),
        ]
      : []),
  ];
}

function checkDetails(check: CheckOutcome, limit: number, shown: Map<string, string>): string[] {
  const message = checkMessage(check);
  const comparison: [string, string | null][] = [
    ["expected", check.expected],
    ["actual", check.actual],
  ];
  return [
    `### ${statusSigns[check.status]} ${inlineText(check.title.replaceAll("\n", " "))}`,
    ...(check.status === "not-graded" ? [ourFault] : []),
    ...(message === null ? [] : [inlineText(cutMiddle(message, limit))]),
    rowList(comparison, limit),
    check.cause ? rowList(causeRows(check.cause), limit) : "",
    ...check.evidence.map(({ title, text, truncated }) => {
      const key = JSON.stringify([title, text]);
      const shownUnder = shown.get(key);
      if (shownUnder !== undefined)
        return `${inlineText(title)}: as shown under “${inlineText(shownUnder)}”`;
      shown.set(key, check.title);
      const cut = truncated ? " (longer than a report can hold: its middle is missing)" : "";
      return `<details><summary>${htmlText(cutMiddle(title, 300))}${cut}</summary>\n\n${fenced(cutMiddle(text, limit))}\n\n</details>`;
    }),
  ];
}

function rowList(
  rows: readonly (readonly [label: string, text: string | null])[],
  limit: number,
): string {
  return rows
    .flatMap(([label, text]) =>
      text === null ? [] : [`- ${label}: ${inlineText(cutMiddle(text, limit))}`],
    )
    .join("\n");
}

function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
