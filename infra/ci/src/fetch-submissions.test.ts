import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("fetch-submissions.ts", import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "onramp 가져오기 "));
  git("init", "--quiet", "--initial-branch=main", "team");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const team = () => join(directory, "team");
const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

function git(...args: string[]): string {
  const cwd = args[0] === "init" ? directory : team();
  return execFileSync("git", args, { cwd, encoding: "utf8", env: environment }).trim();
}

function commit(files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(team(), path)), { recursive: true });
    writeFileSync(join(team(), path), text);
  }
  git("add", "--all");
  git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-m", "x");
  return git("rev-parse", "HEAD");
}

function fetchSubmissions(base: string, branch = "main"): string[] {
  const target = join(directory, "out");
  const args = [script, `file://${team()}`, `refs/heads/${branch}`, base, target];
  const output = execFileSync(process.execPath, args, { encoding: "utf8", env: environment });
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(target.length + 1));
}

test("takes the directories named after an exercise that are new or changed", () => {
  const base = commit({
    "README.md": "kit",
    "exercises/01-docker/exercise.yaml": "id: 01-docker",
    "ada/01-docker/Dockerfile": "FROM ada\n",
    "bob/01-docker/Dockerfile": "FROM bob\n",
  });
  commit({
    "exercises/01-docker/exercise.yaml": "id: forged",
    "bob/01-docker/Dockerfile": "FROM better\n",
    "김하늘/01-docker/Dockerfile": "FROM new\n",
    "bob/99-unknown/Dockerfile": "FROM x\n",
  });
  expect(fetchSubmissions(base)).toEqual(["bob/01-docker", "김하늘/01-docker"]);
  expect(readFileSync(join(directory, "out/bob/01-docker/Dockerfile"), "utf8")).toBe(
    "FROM better\n",
  );
});

test("takes of a branch that was submitted the exercise that it is named after", () => {
  const base = commit({ "README.md": "kit" });
  git("checkout", "--quiet", "--orphan", "submit/02-kubernetes");
  commit({
    "01-docker/Dockerfile": "FROM ada\n",
    "02-kubernetes/manifests/a.yaml": "kind: Service\n",
  });
  expect(fetchSubmissions(base, "submit/02-kubernetes")).toEqual(["02-kubernetes"]);
});

test("runs no filter of the fetched tree, and writes a link as a link", () => {
  const base = commit({ "README.md": "kit" });
  mkdirSync(join(team(), "01-docker"));
  symlinkSync("/etc/passwd", join(team(), "01-docker/.dockerignore"));
  commit({ "01-docker/Dockerfile": "FROM $Format:%H$\n", ".gitattributes": "* filter=lfs\n" });
  expect(fetchSubmissions(base)).toEqual(["01-docker"]);
  expect(readFileSync(join(directory, "out/01-docker/Dockerfile"), "utf8")).toBe(
    "FROM $Format:%H$\n",
  );
  expect(lstatSync(join(directory, "out/01-docker/.dockerignore")).isSymbolicLink()).toBe(true);
});

test("finds nothing in a pull request without a submission", () => {
  const base = commit({ "README.md": "kit" });
  commit({ "docs/x.md": "text" });
  expect(fetchSubmissions(base)).toEqual([]);
});

test("refuses a path that could be read as something else", () => {
  const base = commit({ "README.md": "kit" });
  commit({ "a\nb/01-docker/Dockerfile": "FROM x\n" });
  expect(() => fetchSubmissions(base)).toThrow("cannot be taken");
});
