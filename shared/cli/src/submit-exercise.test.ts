import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { onramp, reportWith, temporaryDirectory } from "./fixtures.ts";
import { git, withoutPasswords } from "./git.ts";
import { progressOf, readProgress, recordGrading } from "./progress.ts";
import { ensureWorkRepository } from "./work-repository.ts";

const id = "01-docker";

beforeEach(() => {
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
});

async function workWith(dockerfile: string): Promise<string> {
  const work = `${await temporaryDirectory()}/work`;
  await ensureWorkRepository(work);
  await mkdir(`${work}/${id}`);
  await writeFile(`${work}/${id}/Dockerfile`, dockerfile);
  return work;
}

async function bareRepository(): Promise<string> {
  const directory = await temporaryDirectory();
  await git(directory, ["init", "--quiet", "--bare", "team.git"]);
  return `${directory}/team.git`;
}

describe("onramp submit", () => {
  test("pushes to the remote that the team set, and again after a change", async () => {
    const work = await workWith("FROM one\n");
    const remote = await bareRepository();
    await git(work, ["config", "onramp.remote", remote]);
    await writeFile(`${work}/notes.txt`, "not for the mentor\n");
    await recordGrading(reportWith({ a: "passed", b: "failed" }), "whole", work);
    const first = await onramp(work, ["submit"]);
    expect(first.exitCode).toBe(0);
    expect(await git(remote, ["ls-tree", "-r", "--name-only", `submit/${id}`])).toBe(
      `.gitignore\n${id}/Dockerfile`,
    );
    const commit = await git(remote, ["rev-parse", `submit/${id}`]);
    expect(first.stdout).toContain(`commit ${commit.slice(0, 7)}: Dockerfile.`);
    expect(first.stdout).toContain(
      "earned 1 of 2 points: 1 of 2 checks did not pass. It ran 2 of 14 checks. That was before",
    );
    expect(first.stdout).toContain(`npx onramp review submission-${commit.slice(0, 7)}/${id}`);
    expect(progressOf(await readProgress(work), id).submitted?.commit).toBe(commit);

    await writeFile(`${work}/${id}/Dockerfile`, "FROM two\n");
    // A hire may rewrite the history of the own work.
    await git(work, ["reset", "--quiet", "--soft", "HEAD~1"]);
    expect((await onramp(work, ["submit", id])).exitCode).toBe(0);
    expect(await git(remote, ["show", `submit/${id}:${id}/Dockerfile`])).toBe("FROM two");
  });

  test("takes the name of a remote", async () => {
    const work = await workWith("FROM one\n");
    const remote = await bareRepository();
    await git(work, ["remote", "add", "team", remote]);
    await git(work, ["config", "onramp.remote", "team"]);
    expect(await onramp(work, ["submit", id])).toMatchObject({ exitCode: 0 });
    expect(await git(remote, ["branch", "--list"])).toContain(`submit/${id}`);
  });

  test("leaves a branch alone that holds someone else's commit", async () => {
    const remote = await bareRepository();
    for (const [dockerfile, exitCode] of [
      ["FROM theirs\n", 0],
      ["FROM mine\n", 3],
    ] as const) {
      const work = await workWith(dockerfile);
      await git(work, ["config", "onramp.remote", remote]);
      expect((await onramp(work, ["submit", id])).exitCode).toBe(exitCode);
    }
    expect(await git(remote, ["show", `submit/${id}:${id}/Dockerfile`])).toBe("FROM theirs");
  });

  test("shows Git's own error when the remote cannot be reached", async () => {
    const work = await workWith("FROM one\n");
    await git(work, ["config", "onramp.remote", "/nowhere/team.git"]);
    const { exitCode, stderr } = await onramp(work, ["submit", id]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("SUBMIT_FAILED");
    expect(stderr).toContain("'/nowhere/team.git' does not appear to be a git repository");
    expect(progressOf(await readProgress(work), id).submitted).toBeNull();
  });

  test("takes what has passed before what was begun since", async () => {
    const work = await workWith("FROM one\n");
    await mkdir(`${work}/02-kubernetes`);
    await recordGrading(reportWith({ a: "passed" }), "whole", work);
    expect(await onramp(work, ["submit"])).toMatchObject({ exitCode: 0 });
    expect(progressOf(await readProgress(work), id).submitted).not.toBeNull();
    const { exitCode, stderr } = await onramp(work, ["submit"]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("02-kubernetes");
  });

  test("writes a bundle that can be cloned when the team set no remote", async () => {
    const work = await workWith("FROM one\n");
    const { exitCode, stdout } = await onramp(work, ["submit", id]);
    expect(exitCode).toBe(0);
    const [bundle] = await readdir(`${work}/submissions`);
    expect(bundle).toMatch(/^01-docker-[0-9a-f]{7}\.bundle$/);
    expect(stdout).toContain(`in the file ${bundle}`);
    const mentor = await temporaryDirectory();
    await git(mentor, [
      "clone",
      "--quiet",
      "--branch",
      `submit/${id}`,
      `${work}/submissions/${bundle}`,
      "s",
    ]);
    expect(await readdir(`${mentor}/s/${id}`)).toEqual(["Dockerfile"]);
    expect(await git(work, ["status", "--porcelain"])).toBe("");
  });

  test("takes a graded file into the commit although a .gitignore leaves it out", async () => {
    const work = await workWith("FROM one\n");
    await writeFile(`${work}/${id}/.gitignore`, "Dockerfile\n");
    expect((await onramp(work, ["submit", id])).exitCode).toBe(0);
    expect(await git(work, ["show", `HEAD:${id}/Dockerfile`])).toBe("FROM one");
  });

  test("refuses what is invalid, and commits nothing", async () => {
    const work = await workWith("FROM one\n");
    await symlink("/etc/passwd", `${work}/${id}/.dockerignore`);
    const { exitCode, stderr } = await onramp(work, ["submit", id]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("SUBMISSION_INVALID");
    expect(stderr).toContain(".dockerignore");
    expect(await git(work, ["log", "--format=%s"])).toBe("Begin");
  });

  test("has nothing to submit without an editable file", async () => {
    const work = `${await temporaryDirectory()}/work`;
    await mkdir(`${work}/${id}`, { recursive: true });
    await writeFile(`${work}/${id}/notes.txt`, "");
    const { exitCode, stderr } = await onramp(work, ["submit", id]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NOTHING_TO_SUBMIT");
    expect(stderr).toContain("Dockerfile, .dockerignore");
  });
});

test("no password of a URL is shown", () => {
  expect(withoutPasswords("https://ada:token@git.example.org/team.git")).toBe(
    "https://git.example.org/team.git",
  );
  expect(withoutPasswords("git@git.example.org:team.git")).toBe("git@git.example.org:team.git");
});
