import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { notWrittenError } from "@onramp/errors/not-written";
import { messageOf } from "@onramp/errors/onramp-error";
import { git, tryGit } from "./git.ts";
import { stateDirectory } from "./progress.ts";
import { workDirectory } from "./repository.ts";

const ignored = `node_modules/
dist/
.env
# What the kit itself keeps here:
.onramp/
/submissions/
/*.before-reset-*/
`;

/** Makes `work/` the hire's own Git repository with a first commit; what is there already stays as it is. */
export async function ensureWorkRepository(work = workDirectory): Promise<"made" | "there"> {
  if (existsSync(join(work, ".git")) && (await hasCommit(work))) return "there";
  await mkdir(work, { recursive: true });
  if (!existsSync(join(work, ".git")))
    await git(work, ["init", "--quiet", "--initial-branch=main"]);
  const gitignore = join(work, ".gitignore");
  if (!existsSync(gitignore)) await writeFile(gitignore, ignored);
  await ensureIdentity(work);
  await git(work, ["add", "--", ".gitignore"]);
  await commit(work, "Begin", [".gitignore"]);
  return "made";
}

/**
 * Copies the exercise's starter to `work/ID`, unless the hire has that directory already.
 * The copy is made beside and renamed, so that an interrupted one leaves no half of a starter.
 */
export async function placeStarter(
  exercise: Exercise,
  work = workDirectory,
): Promise<"placed" | "there"> {
  const target = join(work, exercise.id);
  if (await hasContent(target)) return "there";
  const copy = join(stateDirectory(work), `placing-${exercise.id}-${process.pid}`);
  await rm(copy, { recursive: true, force: true });
  await mkdir(stateDirectory(work), { recursive: true });
  try {
    // What an author's build left in the starter is none of it.
    const filter = (source: string) => !["node_modules", "dist"].includes(basename(source));
    await cp(join(exercise.directory, "starter"), copy, { recursive: true, filter });
    await rename(copy, target);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    if (await hasContent(target)) return "there";
    throw notWrittenError(
      `The starter could not be copied to ${target}: ${messageOf(error)}`,
      error,
    );
  }
  if (existsSync(join(work, ".git"))) {
    await git(work, ["add", "--", exercise.id]);
    await commit(work, `Start ${exercise.id}`, [exercise.id]);
  }
  return "placed";
}

async function hasContent(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length > 0;
  } catch (error) {
    // A file in the directory's place is the hire's too.
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}

async function hasCommit(work: string): Promise<boolean> {
  return (await tryGit(work, ["rev-parse", "--verify", "--quiet", "HEAD"])).exitCode === 0;
}

/** Commits these paths alone, without hooks and signatures: it is the kit's commit, and nobody may sit at the keyboard. */
async function commit(work: string, message: string, paths: readonly string[]): Promise<void> {
  const isClean = await tryGit(work, ["diff", "--cached", "--quiet", "--", ...paths]);
  if (isClean.exitCode === 0 && (await hasCommit(work))) return;
  await git(work, [
    "-c",
    "commit.gpgSign=false",
    "commit",
    "--quiet",
    "--no-verify",
    "-m",
    message,
    "--",
    ...paths,
  ]);
}

/** Git commits under the hire's own name; where the machine knows none, this repository alone gets a stand-in. */
export async function ensureIdentity(work: string): Promise<void> {
  for (const [key, value] of [
    ["user.name", "New hire"],
    ["user.email", "hire@localhost"],
  ] as const) {
    if ((await tryGit(work, ["config", "--get", key])).exitCode !== 0)
      await git(work, ["config", key, value]);
  }
}
