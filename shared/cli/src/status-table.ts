import { styleText } from "node:util";
import { cutToWidth, padEnd } from "@onramp/reports/terminal-text";
import type { Standing, StandingState } from "./standings.ts";

const styles: Readonly<Record<StandingState, Parameters<typeof styleText>[0]>> = {
  "not started": "dim",
  started: "cyan",
  graded: "yellow",
  "not graded": "yellow",
  invalid: "red",
  passed: "green",
  submitted: "green",
};

/** The standings as an aligned table; titles are cut so that a line fits `width`. */
export function statusTable(standings: readonly Standing[], width: number): string {
  const rows = [
    ["EXERCISE", "TITLE", "STATE", "BEST", "LAST", "HINTS"],
    ...standings.map(({ id, title, state, best, last, hints }) => [
      id,
      title,
      state,
      points(best?.score),
      points(last?.score) + (last?.scope === "part" ? "*" : ""),
      `${hints.used}/${hints.there}`,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const others = widths.reduce((sum, columnWidth) => sum + columnWidth + 2, -2) - (widths[1] ?? 0);
  widths[1] = Math.max(12, Math.min(widths[1] ?? 0, width - others));
  const lines = rows.map((row, index) =>
    row
      .map((cell, column) => {
        const text = padEnd(cutToWidth(cell, widths[column] ?? 0), widths[column] ?? 0);
        if (index === 0) return paint("dim", text);
        return column === 2 ? paint(styles[cell as StandingState], text) : text;
      })
      .join("  ")
      .trimEnd(),
  );
  const hasPart = standings.some(({ last }) => last?.scope === "part");
  return [...lines, ...(hasPart ? ["* a grading with --only"] : [])].join("\n");
}

function points(score: { earned: number; possible: number } | undefined): string {
  return score ? `${score.earned}/${score.possible}` : "-";
}

function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream: process.stdout });
}
