// What a submission printed may hold sequences that move the cursor, hide text or turn its direction around.
// Nothing of that reaches a terminal, a page or an XML file raw: every such character is shown by its name.
// Left alone: line feed and tab, and the two joiners (U+200C, U+200D) that scripts and emoji are written with.
// oxlint-disable-next-line no-control-regex -- control characters are what this expression is for
const unsafe = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFE\uFFFF]/gu;

const joiners = new Set([0x200c, 0x200d]);

/** The text with every control, direction and invisible character replaced by one that can be seen. */
export function visibleText(text: string): string {
  return text.replaceAll(unsafe, (character) => visibleCharacter(character.codePointAt(0) ?? 0));
}

/** The same for text that has to stay on one line: a title, a name, a path. */
export function visibleLine(text: string): string {
  return visibleText(text.replaceAll("\n", "\u240A").replaceAll("\t", " "));
}

function visibleCharacter(codePoint: number): string {
  if (joiners.has(codePoint)) return String.fromCodePoint(codePoint);
  // The block "Control Pictures" has a picture for each of the first 32 and one for delete.
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
  if (codePoint === 0x7f) return "\u2421";
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}>`;
}
