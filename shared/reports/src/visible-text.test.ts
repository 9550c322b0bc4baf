import { expect, test } from "vitest";
import { visibleLine, visibleText } from "./visible-text.ts";

test("control characters are shown by their pictures", () => {
  expect(visibleText("\u001B[31mred\u001B[0m\r\n\u0007\u0000\u007F")).toBe("␛[31mred␛[0m␍\n␇␀␡");
});

test("characters that hide text or turn it around are shown by their numbers", () => {
  expect(visibleText("a\u202Eb\u2066c\u200Bd\u009Be\u2028f\uFFFEg\uD800h\u{E0041}")).toBe(
    "a<U+202E>b<U+2066>c<U+200B>d<U+009B>e<U+2028>f<U+FFFE>g<U+D800>h<U+E0041>",
  );
});

test("line feeds, tabs, Korean and joined emoji stay as they are", () => {
  const text = "한국어\n\t👩‍💻 ✓";
  expect(visibleText(text)).toBe(text);
});

test("a line stays a line", () => {
  expect(visibleLine("a\nb\tc")).toBe("a␊b c");
});
