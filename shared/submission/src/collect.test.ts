import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { collect } from "./collect.ts";

const rules = { editable: ["Dockerfile", "src/**/*.ts"], limits: { files: 3, bytes: 1000 } };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "onramp collect 한글 "));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

const details = async (): Promise<string[]> =>
  (await collect(directory, rules)).problems.map(({ detail }) => detail);

test("takes the editable files and lists the others", async () => {
  await mkdir(join(directory, "src/a"), { recursive: true });
  await mkdir(join(directory, "node_modules/x"), { recursive: true });
  await writeFile(join(directory, "src/a/b.ts"), "export {};");
  await writeFile(join(directory, "node_modules/x/index.ts"), "");
  await writeFile(join(directory, "notes.txt"), "hello");
  const submission = await collect(directory, rules);
  expect(submission.problems).toEqual([]);
  expect(submission.files.map(({ path, bytes }) => [path, bytes])).toEqual([["src/a/b.ts", 10]]);
  expect(submission.ignored).toEqual(["notes.txt"]);

  const copy = join(directory, "copy");
  await submission.copyTo(copy);
  expect(await readFile(join(copy, "src/a/b.ts"), "utf8")).toBe("export {};");
});

test("an empty directory is an empty submission, not an invalid one", async () => {
  expect(await collect(directory, rules)).toMatchObject({ files: [], problems: [] });
});

test("the digest depends on content and path alone", async () => {
  await writeFile(join(directory, "Dockerfile"), "FROM x");
  const first = await collect(directory, rules);
  await writeFile(join(directory, "notes.txt"), "later");
  expect((await collect(directory, rules)).digest).toBe(first.digest);
  await writeFile(join(directory, "Dockerfile"), "FROM y");
  expect((await collect(directory, rules)).digest).not.toBe(first.digest);
});

test("refuses a directory in a file's place", async () => {
  await mkdir(join(directory, "Dockerfile"));
  expect(await details()).toEqual(["`Dockerfile` is a directory, not a regular file."]);
});

test("refuses a link out of the submission", async () => {
  await symlink("/etc/passwd", join(directory, "Dockerfile"));
  expect(await details()).toEqual(["`Dockerfile` is a symbolic link, not a regular file."]);
});

test("refuses a named pipe without waiting for its other end", async () => {
  execFileSync("mkfifo", [join(directory, "Dockerfile")]);
  expect(await details()).toEqual(["`Dockerfile` is a named pipe, not a regular file."]);
});

test("refuses 2 GB without reading them", async () => {
  await writeFile(join(directory, "Dockerfile"), "");
  await truncate(join(directory, "Dockerfile"), 2_000_000_000);
  const before = process.memoryUsage().rss;
  expect(await details()).toEqual([
    "`Dockerfile` takes the files past the limit of 1000 bytes together.",
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test("stops at the limit of files", async () => {
  await mkdir(join(directory, "src"));
  for (let index = 0; index < 5; index += 1)
    await writeFile(join(directory, `src/${index}.ts`), "");
  expect(await details()).toEqual([
    "There are more than 3 files to take; `src/3.ts` is one too many.",
  ]);
});

test("lists at most 100 of 20,000 extra files, and says how many there are", async () => {
  await mkdir(join(directory, "data"));
  for (let index = 0; index < 20_000; index += 1)
    await writeFile(join(directory, `data/${index}`), "");
  const submission = await collect(directory, rules);
  expect(submission).toMatchObject({ problems: [], ignoredCount: 20_000 });
  expect(submission.ignored).toHaveLength(100);
});

test("names with newlines and with bytes that are no UTF-8 do no harm", async () => {
  await mkdir(join(directory, "src"));
  await writeFile(join(directory, "two\nlines.txt"), "");
  await writeFile(join(directory, "src/two\nlines.ts"), "");
  await writeFile(
    Buffer.concat([
      Buffer.from(`${directory}/src/`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(".ts"),
    ]),
    "",
  );
  const submission = await collect(directory, rules);
  expect(submission.ignored).toEqual(["two\\u000alines.txt"]);
  expect(submission.problems.map(({ detail }) => detail)).toEqual([
    "`src/two\\u000alines.ts` has a name with characters that cannot be printed.",
    "`src/��.ts` has a name with characters that cannot be printed.",
  ]);
});

test("a directory that is not there is wrong usage", async () => {
  await expect(collect(join(directory, "nowhere"), rules)).rejects.toMatchObject({ code: "USAGE" });
});
