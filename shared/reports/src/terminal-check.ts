import type { Cause, CheckOutcome, CheckStatus } from "@onramp/grading/report";
import { formatDuration } from "./format-duration.ts";
import { causeRows, checkMessage, ourFault, plural, statusWords } from "./report-words.ts";
import { evidenceBox } from "./terminal-evidence.ts";
import {
  cutToWidth,
  indent,
  labelled,
  padEnd,
  type Paint,
  type Style,
  wrapWords,
} from "./terminal-text.ts";
import { visibleLine } from "./visible-text.ts";

/** Sign and colour of each status; the sign alone tells them apart, for those who do not see the colour. */
const statusSigns: Readonly<Record<CheckStatus, { sign: string; style: Style }>> = {
  passed: { sign: "✓", style: "green" },
  failed: { sign: "✗", style: "red" },
  "timed-out": { sign: "✗", style: "red" },
  skipped: { sign: "–", style: "dim" },
  "not-graded": { sign: "!", style: "yellow" },
};

const resultWidth = 14;
const durationWidth = 10;
const detailIndent = 6;
/** Beyond this the eye loses the line between a title and its result. */
const widestHeadline = 100;

/**
 * Prints finished checks: the line with its result, and under a check that did not pass what was seen.
 * Remembers the evidence that was shown, so that the same log stands in a report once.
 */
export function createCheckPrinter(paint: Paint): (check: CheckOutcome, width: number) => string[] {
  const shown = new Map<string, string>();
  return (check, width) => {
    const details =
      check.status === "passed" ? [] : detailsOf(check, width - detailIndent, paint, shown);
    return [
      ...headline(check, width, paint),
      ...indent(details, detailIndent),
      // A row of skipped checks is read as a list, anything else stands apart.
      ...(details.length > 0 && check.status !== "skipped" ? [""] : []),
    ];
  };
}

function headline(check: CheckOutcome, width: number, paint: Paint): string[] {
  const { sign, style } = statusSigns[check.status];
  const titleWidth = Math.min(width, widestHeadline) - 6 - resultWidth - durationWidth;
  const result = padEnd(resultOf(check), resultWidth);
  const duration =
    check.status === "skipped" ? "" : formatDuration(check.durationMs).padStart(durationWidth);
  return wrapWords(visibleLine(check.title), titleWidth).map((line, index) =>
    index === 0
      ? `  ${paint(style, sign)} ${padEnd(line, titleWidth)}  ${paint(style, result)}${paint("dim", duration)}`.trimEnd()
      : `    ${line}`,
  );
}

function resultOf(check: CheckOutcome): string {
  if (check.status === "passed" || check.status === "failed")
    return `${check.earned}/${plural(check.points, "point")}`;
  return statusWords[check.status];
}

function detailsOf(
  check: CheckOutcome,
  width: number,
  paint: Paint,
  shown: Map<string, string>,
): string[] {
  const message = skippedAsBefore(check, shown) ? null : checkMessage(check);
  const comparison = rows(["expected", check.expected], ["actual", check.actual]);
  const label = (text: string) => paint("dim", text);
  const blocks = [
    check.status === "not-graded"
      ? wrapWords(ourFault, width).map((line) => paint("yellow", line))
      : [],
    message === null
      ? []
      : wrapWords(message, width).map((line) =>
          check.status === "skipped" ? paint("dim", line) : line,
        ),
    labelled(comparison, width, label),
    check.cause ? causeLines(check.cause, check.title, width, paint, shown) : [],
    ...check.evidence.map((evidence) => {
      const key = JSON.stringify([evidence.title, evidence.text]);
      const shownUnder = shown.get(key);
      if (shownUnder !== undefined) return [reference(evidence.title, shownUnder, width, paint)];
      shown.set(key, check.title);
      return evidenceBox(evidence, width, paint);
    }),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

/** One failure often skips many checks: the reason is told once, under the first of them. */
function skippedAsBefore(check: CheckOutcome, shown: Map<string, string>): boolean {
  if (check.status !== "skipped" || check.message === null) return false;
  if (shown.has(check.message)) return true;
  shown.set(check.message, check.title);
  return false;
}

/** One fault of ours often stops many checks: it is told once. */
function causeLines(
  cause: Cause,
  title: string,
  width: number,
  paint: Paint,
  shown: Map<string, string>,
): string[] {
  const key = JSON.stringify([cause.code, cause.detail, cause.fix]);
  const shownUnder = shown.get(key);
  if (shownUnder !== undefined) return [reference(cause.code, shownUnder, width, paint)];
  shown.set(key, title);
  return labelled(causeRows(cause), width, (text) => paint("dim", text));
}

/** What stands in the place of something that was shown before. */
function reference(what: string, shownUnder: string, width: number, paint: Paint): string {
  return paint("dim", cutToWidth(visibleLine(`${what}: as shown under “${shownUnder}”`), width));
}

function rows(...pairs: [label: string, text: string | null][]): [label: string, text: string][] {
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}
