import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { temporaryDirectory } from "./fixtures.ts";
import { git } from "./git.ts";
import { exercisesDirectory } from "./repository.ts";
import { ensureWorkRepository, placeStarter } from "./work-repository.ts";

beforeEach(async () => {
  // No name of this machine's user.
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
});

const exercise = await loadExercise(`${exercisesDirectory}/01-docker`);

describe("ensureWorkRepository", () => {
  test("makes a repository with a first commit under a stand-in's name, once", async () => {
    const work = `${await temporaryDirectory()}/work`;
    expect(await ensureWorkRepository(work)).toBe("made");
    expect(await ensureWorkRepository(work)).toBe("there");
    expect(await git(work, ["log", "--format=%an <%ae> %s"])).toBe(
      "New hire <hire@localhost> Begin",
    );
    expect(await git(work, ["branch", "--show-current"])).toBe("main");
  });

  test("takes the hire's own name where Git knows one", async () => {
    const work = await temporaryDirectory();
    await writeFile(`${work}/gitconfig`, "[user]\n\tname = Ada\n\temail = ada@example.org\n");
    vi.stubEnv("GIT_CONFIG_GLOBAL", `${work}/gitconfig`);
    await ensureWorkRepository(work);
    expect(await git(work, ["log", "--format=%an <%ae>"])).toBe("Ada <ada@example.org>");
  });

  test("goes on where it was interrupted, and keeps a .gitignore that is there", async () => {
    const work = await temporaryDirectory();
    await git(work, ["init", "--quiet", "--initial-branch=main"]);
    await writeFile(`${work}/.gitignore`, "mine\n");
    expect(await ensureWorkRepository(work)).toBe("made");
    expect(await git(work, ["show", "HEAD:.gitignore"])).toBe("mine");
  });
});

describe("placeStarter", () => {
  test("copies the starter, commits it, and leaves nothing half done beside", async () => {
    const work = await temporaryDirectory();
    await ensureWorkRepository(work);
    expect(await placeStarter(exercise, work)).toBe("placed");
    expect(await readdir(`${work}/01-docker`)).toContain("package.json");
    expect(await readdir(`${work}/01-docker`)).not.toContain("dist");
    expect(await readdir(`${work}/.onramp`)).toEqual([]);
    expect(await git(work, ["status", "--porcelain"])).toBe("");
    expect(await git(work, ["log", "-1", "--format=%s"])).toBe("Start 01-docker");
  });

  test("never touches a hire's work", async () => {
    const work = await temporaryDirectory();
    await mkdir(`${work}/01-docker`);
    await writeFile(`${work}/01-docker/Dockerfile`, "FROM mine\n");
    expect(await placeStarter(exercise, work)).toBe("there");
    expect(await readdir(`${work}/01-docker`)).toEqual(["Dockerfile"]);
    expect(await readFile(`${work}/01-docker/Dockerfile`, "utf8")).toBe("FROM mine\n");
  });

  test("leaves the hire's staged files of other exercises out of its commit", async () => {
    const work = await temporaryDirectory();
    await ensureWorkRepository(work);
    await writeFile(`${work}/notes.txt`, "mine\n");
    await git(work, ["add", "notes.txt"]);
    await placeStarter(exercise, work);
    expect(await git(work, ["status", "--porcelain"])).toBe("A  notes.txt");
  });
});
