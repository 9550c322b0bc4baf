import { visibleLine, visibleText } from "./visible-text.ts";

/** Breaks what GitHub would take for a mention or a reference to an issue: a blank of no width, as Renovate does it. */
const nothing = "&#8203;";

/** Text within a line of Markdown: nothing in it is markup, a mention, a reference or a link; `code` stays code. */
export function inlineText(text: string): string {
  return visibleText(text.trim())
    .split(/(`[^`\n|]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join("")
    .replace(/^([-+=]|\d+(?=[.)]))/, `${nothing}$1`)
    .replaceAll("\t", "    ")
    .replaceAll("\n", "<br>");
}

/** Text within an HTML tag, where Markdown is not read. */
export function htmlText(text: string): string {
  return withoutReferences(
    visibleLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  );
}

/** Text in a fence that is longer than any run of backticks in it, so nothing in the text can end it. */
export function fenced(text: string): string {
  const safe = visibleText(text).replace(/\n+$/, "");
  const longest = Math.max(2, ...Array.from(safe.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${safe}\n${fence}`;
}

/** The text's beginning and end with a remark between them, when it has more characters than allowed. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, Math.floor(most / 2)).toWellFormed();
  const end = text.slice(text.length - Math.ceil(most / 2)).toWellFormed();
  return `${start}\n… ${(text.length - most).toLocaleString("en")} characters cut here; the JSON report holds all of them …\n${end}`;
}

function escaped(text: string): string {
  const entities = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return withoutReferences(entities.replaceAll(/[\\`*_[\]|~]/g, String.raw`\$&`)).replaceAll(
    "$",
    "<span>$</span>",
  );
}

function withoutReferences(text: string): string {
  return text
    .replaceAll("@", `@${nothing}`)
    .replaceAll(/(?<!&)#/g, `#${nothing}`)
    .replaceAll(/\bGH-(?=\d)/gi, `GH${nothing}-`)
    .replaceAll("://", `:${nothing}//`)
    .replaceAll(/\bwww\./gi, `www${nothing}.`);
}
