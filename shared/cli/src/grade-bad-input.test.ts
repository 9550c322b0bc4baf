import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gradeReport } from "@onramp/grading/report";
import { execa, execaSync } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { onramp, temporaryDirectory } from "./fixtures.ts";

// No engine answers here: what is tested ends before one is needed, or for want of one.
const env = { DOCKER_HOST: "unix:///nowhere/docker.sock" };

const bin = fileURLToPath(new URL("../bin/onramp.mjs", import.meta.url));
const asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

/** Only root may become another user, and that one has to be able to read this directory. */
function canRunAsNobody(): boolean {
  const command = [...asNobody, process.execPath, "--check", bin];
  return process.getuid?.() === 0 && !execaSync("setpriv", command, { reject: false }).failed;
}

async function grade(directory: string, ...args: string[]) {
  return await onramp(
    directory,
    ["grade", "01", "--submission", directory, "--json", join(directory, "report.json"), ...args],
    { env },
  );
}

async function readReport(directory: string) {
  return gradeReport.parse(JSON.parse(await readFile(join(directory, "report.json"), "utf8")));
}

describe("a submission that cannot be taken", () => {
  test.each<[string, (dockerfile: string) => Promise<unknown>, string]>([
    ["a directory", (path) => mkdir(path), "`Dockerfile` is a directory, not a regular file."],
    [
      "a link out of the submission",
      (path) => symlink("/etc/passwd", path),
      "`Dockerfile` is a symbolic link, not a regular file.",
    ],
    [
      "a named pipe",
      (path) => execa("mkfifo", [path]),
      "`Dockerfile` is a named pipe, not a regular file.",
    ],
    [
      "2 GB",
      async (path) => {
        await writeFile(path, "");
        await truncate(path, 2_000_000_000);
      },
      "`Dockerfile` takes the files past the limit of 100000 bytes together.",
    ],
  ])("whose Dockerfile is %s is refused before the engine is asked", async (_, make, detail) => {
    const directory = await temporaryDirectory();
    await make(join(directory, "Dockerfile"));
    const { exitCode, stdout } = await grade(directory);
    expect(exitCode).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(detail);
    const report = await readReport(directory);
    expect(report).toMatchObject({
      outcome: "invalid-submission",
      score: { earned: 0 },
      problems: [{ code: "SUBMISSION_INVALID", detail }],
    });
    expect(new Set(report.checks.map(({ status }) => status))).toEqual(new Set(["skipped"]));
  });
});

describe("wrong usage", () => {
  test("offers the nearest exercise", async () => {
    const directory = await temporaryDirectory();
    const { exitCode, stderr } = await onramp(directory, ["grade", "01-doker"], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is no exercise `01-doker`. Did you mean `01-docker`?");
  });

  test("lists the checks for one that there is not", async () => {
    const directory = await temporaryDirectory();
    const { exitCode, stderr } = await grade(directory, "--only", "stops-on-sigint");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("CHECK_UNKNOWN  There is no check `stops-on-sigint`.");
    expect(stderr).toContain("stops-on-sigterm");
  });

  test("says that a directory is not there", async () => {
    const directory = await temporaryDirectory();
    const args = ["grade", "01", "--submission", join(directory, "nowhere")];
    const { exitCode, stderr } = await onramp(directory, args, { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is no directory");
  });
});

describe("no engine", () => {
  test("that was named answers: not graded, and the report says so", async () => {
    const directory = await temporaryDirectory();
    const { exitCode, stderr } = await grade(directory);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("ENGINE_UNAVAILABLE  DOCKER_HOST names an engine, but");
    expect(stderr).toContain("This is not your work's fault, and it costs you nothing.");
    expect(await readReport(directory)).toMatchObject({
      outcome: "not-graded",
      problems: [{ code: "ENGINE_UNAVAILABLE" }],
    });
  });

  test.runIf(canRunAsNobody())("may be asked by this user", async () => {
    const directory = await temporaryDirectory();
    const socket = join(directory, "engine.sock");
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    onTestFinished(() => void server.close());
    await execa("chmod", ["000", socket]);
    // Somebody who may read the submission, and who is not root.
    await execa("chmod", ["755", directory]);
    await mkdir(join(directory, "work"), { mode: 0o777 });
    const { exitCode, stderr } = await execa(
      "setpriv",
      [...asNobody, process.execPath, bin, "grade", "01", "--submission", directory],
      { cwd: "/", reject: false, env: { DOCKER_HOST: `unix://${socket}`, HOME: directory } },
    );
    expect(stderr).toContain("ENGINE_FORBIDDEN  The engine's socket");
    expect(exitCode).toBe(3);
  });
});

// A file system of its own that is full; only root may make one.
describe.runIf(process.platform === "linux" && process.getuid?.() === 0)("a full disk", () => {
  async function fullDisk(): Promise<{ path: string; fill: () => Promise<void> }> {
    const path = await temporaryDirectory();
    await execa("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", path]);
    onTestFinished(async () => void (await execa("umount", ["--lazy", path])));
    return {
      path,
      fill: async () => {
        await expect(writeFile(join(path, "rest"), Buffer.alloc(1_000_000))).rejects.toThrow(
          "ENOSPC",
        );
      },
    };
  }

  test("where the report goes: the verdict is shown, and the report is said to be missing", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "Dockerfile"));
    const { path, fill } = await fullDisk();
    await fill();
    const { exitCode, stdout, stderr } = await onramp(
      directory,
      ["grade", "01", "--submission", directory, "--json", join(path, "report.json")],
      { env },
    );
    expect(stdout).toContain("`Dockerfile` is a directory");
    expect(stderr).toContain(`DISK_FULL  ${join(path, "report.json")} could not be written`);
    expect(stderr).toContain("Free some space");
    expect(exitCode).toBe(3);
  });

  test("where the hire works: the old progress stays whole", async () => {
    const { path, fill } = await fullDisk();
    await mkdir(join(path, "01-docker/Dockerfile"), { recursive: true });
    expect((await onramp(path, ["grade", "01"], { env })).exitCode).toBe(4);
    const progress = join(path, ".onramp/progress.json");
    const before = await readFile(progress, "utf8");
    await fill();
    const { exitCode, stdout, stderr } = await onramp(path, ["grade", "01"], { env });
    expect(stdout).toContain("`Dockerfile` is a directory");
    expect(stderr).toContain("DISK_FULL  The progress could not be written");
    expect(exitCode).toBe(3);
    expect(await readFile(progress, "utf8")).toBe(before);
  });
});
