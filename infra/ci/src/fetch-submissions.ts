import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Brings the submissions of a pull request to a CI machine as data:
 *
 *     node infra/ci/src/fetch-submissions.ts REPOSITORY HEAD-REF BASE-COMMIT TARGET
 *
 * Every directory of the head that is named after an exercise, lies outside `exercises/`, and is not the same in the
 * base is written below TARGET with its path; of a branch `submit/ID` that exercise alone. The paths are printed, one a line. Nothing is checked out, no hook,
 * filter or attribute of the fetched tree takes effect. GIT_TOKEN, when set, is what the repository is read with.
 */
const [repository, headRef, base, target] = process.argv.slice(2);
if (!repository || !headRef || !base || !target) {
  throw new Error("Usage: fetch-submissions.ts REPOSITORY HEAD-REF BASE-COMMIT TARGET");
}

const exercises = fileURLToPath(new URL("../../../exercises/", import.meta.url));
const ids = new Set(readdirSync(exercises).filter((name) => /^\d\d-/.test(name)));

const gitDirectory = `${target}.git`;
const options: ExecFileSyncOptions & { encoding: "utf8" } = {
  encoding: "utf8",
  maxBuffer: 256 * 1024 * 1024,
  stdio: ["ignore", "pipe", "inherit"],
  env: {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    GIT_DIR: gitDirectory,
    // No filter (git-lfs, say) that this machine has set up may run over what was fetched.
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    ...authorization(process.env["GIT_TOKEN"]),
  },
};
const git = (...args: string[]): string => execFileSync("git", args, options);

git("init", "--quiet", "--bare");
git(
  "fetch",
  "--quiet",
  "--depth=1",
  "--no-tags",
  "--no-recurse-submodules",
  repository,
  `+${headRef}:refs/head`,
  `+${base}:refs/base`,
);

for (const path of submissionPaths()) {
  mkdirSync(target, { recursive: true });
  const tar = execFileSync(
    "git",
    ["archive", "--format=tar", "refs/head", "--", `:(literal)${path}`],
    {
      ...options,
      encoding: "buffer",
    },
  );
  // Owner and rights of the archive do not matter; nothing in it is run.
  execFileSync("tar", ["-x", "--no-same-owner", "--no-same-permissions", "-C", target], {
    input: tar,
  });
  process.stdout.write(`${join(target, path)}\n`);
}

function submissionPaths(): string[] {
  // What `onramp submit` has pushed holds what was submitted before as well.
  const submitted = /(?:^|\/)submit\/([^/]+)$/.exec(headRef ?? "")?.[1];
  const directories = git("ls-tree", "-r", "-d", "-z", "--name-only", "refs/head").split("\0");
  return directories.filter((path) => {
    const name = path.split("/").at(-1) ?? "";
    if (submitted !== undefined && name !== submitted) return false;
    if (!ids.has(name) || path.startsWith("exercises/") || isSameInBase(path)) return false;
    // The paths become arguments and lines of a list.
    if (!/^[\p{L}\p{N}._/ -]+$/u.test(path))
      throw new Error(`The path ${JSON.stringify(path)} cannot be taken.`);
    return true;
  });
}

function isSameInBase(path: string): boolean {
  const tree = (ref: string) => git("ls-tree", "-d", "--format=%(objectname)", ref, "--", path);
  return tree("refs/head") === tree("refs/base");
}

/** A header in Git's environment: in no command line, and in no file that outlives the step. */
function authorization(token: string | undefined): Record<string, string> {
  if (!token) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
