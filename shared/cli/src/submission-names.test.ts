import { expect, test } from "vitest";
import { submissionNames } from "./submission-names.ts";

test.each([
  [
    ["/x/ada", "/x/bob"],
    ["ada", "bob"],
  ],
  [
    ["/x/ada/01-docker", "/x/bob/01-docker"],
    ["ada-01-docker", "bob-01-docker"],
  ],
  [
    ["/x/ada/", "/x/ada"],
    ["x-ada", "x-ada-2"],
  ],
  [
    ["/a/Ada", "/b/ada"],
    ["Ada", "ada-2"],
  ],
  [
    ["/x/김하늘 제출", "/x/..hidden"],
    ["김하늘-제출", "hidden"],
  ],
  [["/x/a\nb\u001b[31m"], ["a-b-31m"]],
  [["/"], ["submission"]],
])("%j becomes %j", (directories, names) => {
  expect(submissionNames(directories)).toEqual(names);
});

test("a name stays within what file systems take", () => {
  const [name = ""] = submissionNames([`/x/${"한".repeat(200)}`]);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
});
