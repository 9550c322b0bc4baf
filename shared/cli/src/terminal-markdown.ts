import { styleText } from "node:util";
import { visibleLine } from "@onramp/reports/visible-text";
import wrapAnsi from "wrap-ansi";

/** The width to write to: the terminal's, at most 100; 80 where there is none. */
export function textWidth(): number {
  return Math.min(process.stdout.columns ?? 80, 100);
}

/** Markdown for a terminal: paragraphs and list items are wrapped, code stays as it is, headings are bold. */
export function terminalMarkdown(markdown: string, width: number): string {
  const output: string[] = [];
  let paragraph = "";
  let isCode = false;
  const flush = () => {
    if (paragraph === "") return;
    const hang = " ".repeat(/^\s*([-*]|\d+\.) +/.exec(paragraph)?.[0].length ?? 0);
    const wrapped = wrapAnsi(paragraph.trimStart(), Math.max(20, width - hang.length), {
      hard: true,
    });
    output.push(...wrapped.split("\n").map((line, index) => (index === 0 ? line : hang + line)));
    paragraph = "";
  };
  for (const raw of markdown.split(/\r?\n/)) {
    const line = visibleLine(raw);
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence || isCode || line.trim() === "" || /^(#|\|)/.test(line)) {
      flush();
      if (isFence) isCode = !isCode;
      else if (isCode) output.push(`    ${line}`);
      else if (line.startsWith("#"))
        output.push(styleText("bold", line.replace(/^#+ */, ""), { stream: process.stdout }));
      else output.push(line);
    } else if (/^\s*([-*]|\d+\.) /.test(line)) {
      flush();
      paragraph = line.trim();
    } else {
      paragraph = paragraph === "" ? line.trim() : `${paragraph} ${line.trim()}`;
    }
  }
  flush();
  return output.join("\n").trim();
}
