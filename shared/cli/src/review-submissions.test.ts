import { cp, mkdir, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { changedOutcomes } from "./changed-outcomes.ts";
import { onramp, reportWith, temporaryDirectory } from "./fixtures.ts";
import { reviewMarkdown } from "./review-markdown.ts";
import { readSubject, reviewOf } from "./review-submissions.ts";

async function submissionWith(files: Record<string, string>): Promise<string> {
  const directory = `${await temporaryDirectory()}/01-docker`;
  await mkdir(directory);
  for (const [name, text] of Object.entries(files)) await writeFile(`${directory}/${name}`, text);
  return directory;
}

describe("readSubject", () => {
  test("compares the editable files with the starter's, and no other", async () => {
    const directory = await submissionWith({ Dockerfile: "FROM 한국\n", "notes.txt": "mine" });
    const { diff, diffTitle } = await readSubject([directory]);
    expect(diffTitle).toBe("Against the starter");
    expect(diff).toContain("diff --git a/Dockerfile b/Dockerfile");
    expect(diff).toContain("+FROM 한국");
    expect(diff).not.toContain("notes.txt");
  });

  test("makes control characters visible", async () => {
    const directory = await submissionWith({ Dockerfile: "FROM x\u001b[2J\u202Ey\r\n" });
    const { diff } = await readSubject([directory]);
    expect(diff).toContain("+FROM x␛[2J<U+202E>y␍");
  });

  test("shows what changed between two attempts", async () => {
    const before = await submissionWith({ Dockerfile: "FROM one\n" });
    const after = await submissionWith({ Dockerfile: "FROM two\n", ".dockerignore": ".env\n" });
    const subject = await readSubject([before, after]);
    expect(subject).toMatchObject({ before, directory: after });
    expect(subject.diff).toContain("-FROM one\n+FROM two");
    expect(subject.diff).toContain("+.env");
  });

  test("the same attempt twice changed nothing", async () => {
    const before = await submissionWith({ Dockerfile: "FROM one\n" });
    const after = `${await temporaryDirectory()}/01-docker`;
    await cp(before, after, { recursive: true });
    expect((await readSubject([before, after])).diff).toBe("");
  });
});

test("the checks whose outcome changed are named with both", () => {
  const before = reportWith({ a: "failed", b: "passed", old: "passed" });
  const after = reportWith({ a: "passed", b: "passed", fresh: "failed" });
  expect(
    changedOutcomes(before, after).map(({ id, before: was, after: is }) => [id, was, is]),
  ).toEqual([
    ["a", "failed", "passed"],
    ["fresh", "new", "failed"],
    ["old", "passed", "gone"],
  ]);
});

test("the Markdown page holds diff, changes, report and rubric", async () => {
  const before = await submissionWith({ Dockerfile: "FROM one\n" });
  const after = await submissionWith({ Dockerfile: "FROM two\n```\n" });
  const subject = {
    ...(await readSubject([before, after])),
    rubric: "## Rubric\n\nIs it small?\n",
  };
  const page = reviewMarkdown(
    reviewOf(subject, reportWith({ a: "passed" }), reportWith({ a: "failed" })),
  );
  expect(page).toContain("````diff"); // longer than any fence within
  expect(page).toContain("- a: failed → passed");
  expect(page).toMatch(/Done: (all \d+ checks|the one check) passed\./);
  expect(page.trimEnd().endsWith("Is it small?")).toBe(true);
});

test.each([
  [["review"], "missing required argument"],
  [["review", "a", "b", "c"], "3 directories"],
  [["review", "nowhere"], "There is no directory `nowhere`."],
])("onramp %j is wrong usage: %s", async (args, said) => {
  const { exitCode, stderr } = await onramp(await temporaryDirectory(), args);
  expect(exitCode).toBe(2);
  expect(stderr.toLowerCase()).toContain(said.toLowerCase());
});
