import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import {
  directoryWith,
  type EngineDoor,
  leftAfter30s,
  openDoor,
  readyEngine,
} from "@onramp/testbed/docker/engine-fixtures";
import { gradingLabel } from "@onramp/testbed/docker/labels";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin/onramp.mjs", import.meta.url));
let engine: Engine;
beforeAll(async () => {
  engine = await readyEngine();
});

/** The command lines of this machine's processes, each behind its number and its parent's. */
async function processes(): Promise<string[]> {
  return (await execa("ps", ["-eo", "pid=,ppid=,args="])).stdout.split("\n");
}

/** Waits for a moment of a grading. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error("The moment did not come within 60 s.");
    await pause(100);
  }
}

let count = 0;

interface Grading {
  readonly pid: number;
  readonly door: EngineDoor;
  readonly duringBuild: () => Promise<void>;
  readonly duringCheck: () => Promise<void>;
}

/**
 * Starts a grading that would go on for long, stops it in some way, and looks at what is left of it.
 * @returns how the command ended
 */
async function stop(where: "build" | "check", how: (grading: Grading) => Promise<void>) {
  count += 1;
  const mark = `interrupted-${process.pid}-${count}`;
  await using submission = await directoryWith({
    Dockerfile:
      where === "build"
        ? `FROM debian:bookworm-slim\nRUN : ${mark}; sleep 100000\n`
        : 'FROM debian:bookworm-slim\nVOLUME /data\nCMD ["sleep", "600"]\n',
  });
  await using temporary = await directoryWith({});
  await using door = await openDoor(engine);
  const dockerode = await connectDockerode(engine);
  const volumes = new Set<string>();
  const args = ["grade", "01", "--submission", submission.path, "--only", "answers-on-its-port"];
  const running = execa(process.execPath, [bin, ...args], {
    env: { ...door.env, TMPDIR: temporary.path, NO_COLOR: "1" },
    reject: false,
    all: true,
  });
  const isMarked = async (): Promise<boolean> =>
    (await processes()).some((line) => line.includes(mark));
  await how({
    pid: running.pid ?? 0,
    door,
    duringBuild: () => until(isMarked),
    duringCheck: () =>
      until(async () => {
        const [id] = door.gradingIds;
        if (id === undefined) return false;
        const containers = await dockerode.listContainers({
          filters: { label: [`${gradingLabel}=${id}`] },
        });
        for (const { Mounts } of containers)
          for (const { Name } of Mounts) if (Name !== undefined) volumes.add(Name);
        // The submission's own has one by VOLUME, which carries no label.
        return volumes.size > 0;
      }),
  });
  const { exitCode, signal, all } = await running;
  expect(await leftAfter30s(engine, door.gradingIds)).toEqual([]);
  expect(await isMarked()).toBe(false);
  const ids = [...door.gradingIds];
  const clients = (await processes()).filter((line) =>
    ids.some((id) => line.includes(`onramp-grading/${id}`)),
  );
  expect(clients).toEqual([]);
  const scratch = (await readdir(temporary.path)).filter((name) => /^onramp-\w{6}$/.test(name));
  expect(scratch).toEqual([]);
  const { Volumes } = await dockerode.listVolumes();
  expect((Volumes ?? []).map(({ Name }) => Name).filter((name) => volumes.has(name))).toEqual([]);
  return { exitCode, signal, all };
}

describe.concurrent("ctrl-C", () => {
  test("before the engine has answered", async () => {
    await using temporary = await directoryWith({ "submission/Dockerfile": "FROM scratch\n" });
    const path = join(temporary.path, "engine.sock");
    const asked = Promise.withResolvers<void>();
    // Takes the question and never answers.
    const server = createServer(() => asked.resolve());
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    const submission = join(temporary.path, "submission");
    const running = execa(process.execPath, [bin, "grade", "01", "--submission", submission], {
      env: { DOCKER_HOST: `unix://${path}` },
      reject: false,
    });
    await asked.promise;
    running.kill("SIGINT");
    expect((await running).exitCode).toBe(130);
    server.close();
  });

  test("during the build", async () => {
    const { exitCode, all } = await stop("build", async ({ pid, duringBuild }) => {
      await duringBuild();
      process.kill(pid, "SIGINT");
    });
    expect(exitCode).toBe(130);
    expect(all).toContain("Stopped. What was started is taken away");
  });

  test("during a check", async () => {
    const { exitCode } = await stop("check", async ({ pid, duringCheck }) => {
      await duringCheck();
      process.kill(pid, "SIGINT");
    });
    expect(exitCode).toBe(130);
  });
});

describe.concurrent("kill -9", () => {
  test("of the command during the build", async () => {
    const { signal } = await stop("build", async ({ pid, duringBuild }) => {
      await duringBuild();
      process.kill(pid, "SIGKILL");
    });
    expect(signal).toBe("SIGKILL");
  });

  test("of the command during a check", async () => {
    const { signal } = await stop("check", async ({ pid, duringCheck }) => {
      await duringCheck();
      process.kill(pid, "SIGKILL");
    });
    expect(signal).toBe("SIGKILL");
  });

  test("of the grader's process alone: it is tried a second time", async () => {
    const { exitCode, all } = await stop("build", async ({ pid, duringBuild, door }) => {
      await duringBuild();
      const graders = (await processes()).filter(
        (line) => Number(line.trim().split(/\s+/)[1]) === pid && line.includes("grader-process"),
      );
      expect(graders).toHaveLength(1);
      process.kill(Number.parseInt(graders[0] ?? "", 10), "SIGKILL");
      const [first = ""] = door.gradingIds;
      expect(await leftAfter30s(engine, [first])).toEqual([]);
      await duringBuild();
      expect(door.gradingIds.size).toBe(2);
      process.kill(pid, "SIGINT");
    });
    expect(exitCode).toBe(130);
    expect(all).toContain("trying once more");
  });
});
