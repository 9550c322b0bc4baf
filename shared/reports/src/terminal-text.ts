import { styleText } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { visibleText } from "./visible-text.ts";

export type Style = Parameters<typeof styleText>[0];

/** Paints text, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

/** A painter: colours only on a terminal, and never when NO_COLOR is set. */
export function painter(hasColours: boolean): Paint {
  return (style, text) =>
    hasColours && text !== "" ? styleText(style, text, { validateStream: false }) : text;
}

/** Words wrapped to the width, each line made safe and its indentation kept; a word longer than a line is broken. */
export function wrapWords(text: string, width: number): string[] {
  return printable(text)
    .split("\n")
    .flatMap((line) => {
      const blanks = Math.min(line.search(/[^ ]|$/), Math.floor(width / 2));
      const wrapped = wrapAnsi(line.trim(), Math.max(width - blanks, 10), { hard: true });
      return indent(wrapped.split("\n"), blanks);
    });
}

/** Output of a program wrapped to the width with its blanks kept. */
export function wrapOutput(text: string, width: number): string[] {
  return wrapAnsi(printable(text), Math.max(width, 10), {
    hard: true,
    wordWrap: false,
    trim: false,
  }).split("\n");
}

/** The text on one line, cut to the width. */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const [start = ""] = wrapAnsi(text, Math.max(width - 1, 1), {
    hard: true,
    wordWrap: false,
  }).split("\n");
  return `${start}…`;
}

/** Blanks at the end up to the width, counted in columns: a Korean character takes two. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** A list of `label  text` with the texts aligned and wrapped; the labels are painted. */
export function labelled(
  rows: readonly (readonly [label: string, text: string])[],
  width: number,
  paint: (label: string) => string,
): string[] {
  const labelWidth = Math.max(0, ...rows.map(([label]) => stringWidth(label))) + 2;
  return rows.flatMap(([label, text]) =>
    wrapWords(text, width - labelWidth).map(
      (line, index) => paint(padEnd(index === 0 ? label : "", labelWidth)) + line,
    ),
  );
}

/** Every line moved to the right; empty lines stay empty. */
export function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(by) + line));
}

function printable(text: string): string {
  return visibleText(text).replaceAll("\t", "    ");
}
