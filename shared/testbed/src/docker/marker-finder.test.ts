import { expect, test } from "vitest";
import { markerFinder } from "./marker-finder.ts";

const token = { text: "npm_secret", meaning: "the token" };
const password = { text: "pässword", meaning: "the password" };

function found(chunks: readonly (string | Buffer)[]): string[] {
  const finder = markerFinder([token, password]);
  for (const chunk of chunks) finder.push(Buffer.from(chunk));
  return [...finder.found].map(({ meaning }) => meaning).toSorted();
}

test("finds a marker within a chunk", () => {
  expect(found(["a npm_secret b"])).toEqual(["the token"]);
});

test("finds a marker wherever two chunks cut it", () => {
  const text = Buffer.from(`xx${password.text}yy${token.text}zz`);
  for (let cut = 0; cut <= text.length; cut += 1)
    expect(found([text.subarray(0, cut), text.subarray(cut)])).toHaveLength(2);
});

test("finds a marker that comes byte by byte", () => {
  const bytes = [...Buffer.from(`-${password.text}-${token.text}-`)];
  expect(found(bytes.map((byte) => Buffer.from([byte])))).toHaveLength(2);
});

test("finds nothing in parts that do not follow each other", () => {
  expect(found(["npm_", "-", "secret"])).toEqual([]);
});

test("looks for nothing when there is nothing to look for", () => {
  const finder = markerFinder([]);
  finder.push(Buffer.from("npm_secret"));
  expect(finder.found.size).toBe(0);
});
