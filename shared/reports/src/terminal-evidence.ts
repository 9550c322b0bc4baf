import type { Evidence } from "@onramp/grading/report";
import stringWidth from "string-width";
import { plural } from "./report-words.ts";
import { cutToWidth, type Paint, wrapOutput, wrapWords } from "./terminal-text.ts";
import { visibleLine } from "./visible-text.ts";

const firstLines = 10;
const lastLines = 14;
/** A line of minified code or JSON may be a megabyte long; nobody reads that in a terminal. */
const longestLine = 1000;

/** The evidence of a check in a box that is open to the right, so that text can be copied out of it. */
export function evidenceBox(evidence: Evidence, width: number, paint: Paint): string[] {
  const edge = (text: string) => paint("dim", text);
  const title = cutToWidth(visibleLine(evidence.title), width - 6);
  return [
    `${edge("┌─")} ${paint("bold", title)} ${edge("─".repeat(Math.max(0, width - stringWidth(title) - 4)))}`,
    ...content(evidence, width - 2, paint).map((line) => `${edge("│")} ${line}`.trimEnd()),
    edge(`└${"─".repeat(width - 1)}`),
  ];
}

function content(evidence: Evidence, width: number, paint: Paint): string[] {
  const remark = (text: string) => paint(["dim", "italic"], text);
  const lines = evidence.text.replace(/\n+$/, "").split("\n");
  const show = (part: string[]) =>
    part
      .map(cutLine)
      .flatMap(([start, cutRemark]) => [
        ...wrapOutput(start, width),
        ...(cutRemark === null ? [] : wrapWords(cutRemark, width).map(remark)),
      ]);
  const end = evidence.truncated
    ? wrapOutput("(longer than a report can hold: its middle is missing in --json too)", width).map(
        remark,
      )
    : [];
  if (evidence.text.trim() === "") return [remark("(empty)"), ...end];
  const cut = lines.length - firstLines - lastLines;
  if (cut <= 1) return [...show(lines), ...end];
  const cutRemark = wrapOutput(
    `… ${plural(cut, "line")} cut here; --json FILE writes all of them …`,
    width,
  ).map(remark);
  return [
    ...show(lines.slice(0, firstLines)),
    ...cutRemark,
    ...show(lines.slice(-lastLines)),
    ...end,
  ];
}

function cutLine(line: string): [start: string, remark: string | null] {
  if (line.length <= longestLine) return [line, null];
  const start = line.slice(0, longestLine).toWellFormed();
  return [
    start,
    `… ${plural(line.length - longestLine, "character")} cut from this line; --json FILE writes it all …`,
  ];
}
