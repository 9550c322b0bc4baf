import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { GradeReport } from "./report.ts";

let identity: Promise<GradeReport["grader"]> | undefined;

/** Which version of the kit graded: its version, its commit (empty outside of a Git checkout) and its Node. */
export function graderIdentity(): Promise<GradeReport["grader"]> {
  identity ??= readIdentity();
  return identity;
}

async function readIdentity(): Promise<GradeReport["grader"]> {
  const manifest: unknown = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  );
  const { version } = manifest as { version: string };
  const commit = await promisify(execFile)("git", ["rev-parse", "HEAD"], {
    cwd: import.meta.dirname,
  }).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
  return { version, commit, node: process.version };
}
