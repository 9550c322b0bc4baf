import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Tally } from "./tally.ts";

/** A task that has nothing but an exit code counts as one. `exitCode` is undefined when it never ran. */
export function tallyTask(name: string, exitCode: number | undefined): Tally {
  return exitCode === 0
    ? { passed: 1, failures: [] }
    : { passed: 0, failures: [`${name}: ${endOf(exitCode)}`] };
}

/** The tests of one run of Vitest, from what its JSON reporter wrote to `file`. */
export async function tallyTests(
  name: string,
  exitCode: number | undefined,
  file: string,
): Promise<Tally> {
  const results = await readResults(testResults, file);
  if (typeof results === "string") return noResults(name, exitCode, results);
  const failures: string[] = [];
  let passed = 0;
  for (const { name: path, status, assertionResults: tests } of results.testResults) {
    const failed = tests.filter((test) => test.status === "failed");
    passed += tests.filter((test) => test.status === "passed").length;
    const place = `${name}: ${relative(process.cwd(), path)}`;
    failures.push(
      ...failed.map(({ fullName, failureMessages: [message] }) =>
        [place, fullName, ...firstLineOf(message)].join(": "),
      ),
    );
    // One that could not be loaded, or whose set-up failed, has no failed test to show for it.
    if (status === "failed" && failed.length === 0) failures.push(`${place}: the file failed`);
  }
  return withEnd(name, exitCode, { passed, failures });
}

/** The submissions of one exercise, from what `onramp verify --json` wrote to `file`. */
export async function tallyVerify(
  id: string,
  exitCode: number | undefined,
  file: string,
): Promise<Tally> {
  const name = `verify ${id}`;
  const results = await readResults(verifyResults, file);
  if (typeof results === "string") return noResults(name, exitCode, results);
  const failures: string[] = [];
  let passed = 0;
  for (const { outcome, problems, submissions, unkilled } of results.exercises) {
    const wrong = submissions.filter(({ ok }) => !ok);
    passed += submissions.length - wrong.length;
    const found = [
      ...problems,
      ...wrong.map((submission) => {
        const { kind, name: which, problem } = submission;
        return `${kind} ${which}: ${indented(problem ?? "no problem is named")}`;
      }),
      ...unkilled.map((check) => `no mutant fails the check ${check}`),
    ];
    if (outcome !== "passed" && found.length === 0) found.push(`${outcome} as a whole`);
    failures.push(...found.map((text) => `${name}: ${text}`));
  }
  if (results.outcome !== "passed" && failures.length === 0)
    failures.push(`${name}: ${results.outcome} as a whole`);
  if (passed === 0 && failures.length === 0) failures.push(`${name}: judged nothing`);
  return withEnd(name, exitCode, { passed, failures });
}

const testResults = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()),
        }),
      ),
    }),
  ),
});

const verifyResults = z.object({
  schema: z.literal("onramp/verify@1"),
  outcome: z.string(),
  exercises: z.array(
    z.object({
      outcome: z.string(),
      problems: z.array(z.string()),
      unkilled: z.array(z.string()),
      submissions: z.array(
        z.object({
          kind: z.string(),
          name: z.string(),
          ok: z.boolean(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** What stands in the file, or why that cannot be told. */
async function readResults<Results>(
  schema: z.ZodType<Results>,
  file: string,
): Promise<Results | string> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "no results";
    return "results that cannot be read";
  }
}

/** Why a test failed, without its stack. */
function firstLineOf(message: string | undefined): string[] {
  const [line = ""] = stripVTControlCharacters(message ?? "").split("\n");
  return line === "" ? [] : [line];
}

/** A text of several lines below one. */
function indented(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\n", "\n    ");
}

function noResults(name: string, exitCode: number | undefined, what: string): Tally {
  const text = exitCode === undefined ? "" : `, ${what}`;
  return { passed: 0, failures: [`${name}: ${endOf(exitCode)}${text}`] };
}

/** A task that ended badly without a failure in its results has one all the same. */
function withEnd(name: string, exitCode: number | undefined, tally: Tally): Tally {
  if (exitCode === 0 || tally.failures.length > 0) return tally;
  return { ...tally, failures: [`${name}: ${endOf(exitCode)}, and its results name no failure`] };
}

function endOf(exitCode: number | undefined): string {
  return exitCode === undefined ? "did not run to its end" : `ended with exit code ${exitCode}`;
}
