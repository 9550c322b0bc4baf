import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { cgroupHierarchies } from "./memory.ts";
import { isEngineInstalled } from "./start-engine.ts";

const canTry = process.platform === "linux" && process.getuid?.() === 0 && isEngineInstalled();

/**
 * Runs a program where it sees no process, socket, network or engine state of this machine, so that starting, killing
 * and stopping engines disturbs nobody. All that it starts ends with it. It logs one JSON value a line.
 */
async function onPrivateMachine(program: string): Promise<unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), "onramp-private-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  await Promise.all(
    ["docker", "onramp", "tmp"].map(async (name) => await mkdir(join(folder, name))),
  );
  await Promise.all(
    ["/var/lib/docker", "/var/lib/onramp"].map(
      async (path) => await mkdir(path, { recursive: true }),
    ),
  );
  // Control groups cannot be hidden: a group of its own stands in for the root of each hierarchy.
  const group = basename(folder);
  const hierarchies = cgroupHierarchies();
  await Promise.all(hierarchies.map(async (root) => await mkdir(join(root, group))));
  onTestFinished(async () => {
    for (const root of hierarchies) await rmdir(join(root, group));
  });
  const imports = `
    const source = ${JSON.stringify(new URL(".", import.meta.url).href)};
    const { startEngine } = await import(source + "start-engine.ts");
    const { stopEngine } = await import(source + "stop-engine.ts");
    const { ensureEngine } = await import(source + "ensure-engine.ts");
    const { findEngine } = await import(source + "find-engine.ts");
    const { ownEnginePid } = await import(source + "clear-leftovers.ts");
    const onProgress = (line) => console.error(line);
    const say = (value) => console.log(JSON.stringify(value));
  `;
  const { stdout } = await execa(
    "unshare",
    [
      "--mount",
      "--net",
      "--pid",
      "--fork",
      "--mount-proc",
      "--kill-child",
      "sh",
      "-euc",
      `mount -t tmpfs tmpfs /run
       mount --bind "$1/docker" /var/lib/docker
       mount --bind "$1/onramp" /var/lib/onramp
       for group in $3; do mount --bind "$group/$4" "$group"; done
       ip link set lo up
       TMPDIR=$1/tmp "$2" --input-type=module -e "$5"`,
      "sh",
      folder,
      process.execPath,
      hierarchies.join(" "),
      group,
      imports + program,
    ],
    { stdin: "ignore", timeout: 120_000 },
  );
  return stdout.split("\n").map((line): unknown => JSON.parse(line));
}

test.runIf(canTry)("starts one engine for two that ask at once, and ends it", async () => {
  const lines = await onPrivateMachine(`
    say((await findEngine()) ?? "nothing");
    const engines = await Promise.all([startEngine({ onProgress }), startEngine({ onProgress })]);
    say(engines.map(({ isOurs, dataRoot, host }) => ({ isOurs, dataRoot, host })));
    say(engines[0].id === engines[1].id);
    say(await stopEngine());
    say((await findEngine()) ?? "nothing");
    say(await stopEngine());
  `);
  const engine = { isOurs: true, dataRoot: "/var/lib/docker", host: "unix:///var/run/docker.sock" };
  expect(lines).toEqual(["nothing", [engine, engine], true, true, "nothing", false]);
});

test.runIf(canTry)("comes back after a kill -9, and right after a SIGTERM", async () => {
  const lines = await onPrivateMachine(`
    for (const signal of ["SIGKILL", "SIGTERM"]) {
      await startEngine({ onProgress });
      process.kill(await ownEnginePid(), signal);
      say((await startEngine({ onProgress })).isOurs);
    }
    say(await stopEngine());
  `);
  expect(lines).toEqual([true, true, true]);
});

test.runIf(canTry)(
  "takes no other process for the engine, when its number was given away",
  async () => {
    const lines = await onPrivateMachine(`
    const { mkdir, writeFile } = await import("node:fs/promises");
    await mkdir("/var/lib/onramp/engine", { recursive: true });
    await writeFile("/var/lib/onramp/engine/dockerd.pid", String(process.pid));
    say(await stopEngine());
    say((await startEngine({ onProgress })).isOurs);
    say(await stopEngine());
  `);
    expect(lines).toEqual([false, true, true]);
  },
);

test.runIf(canTry)("shows the end of the log when dockerd does not start", async () => {
  const lines = await onPrivateMachine(`
    const { mkdir } = await import("node:fs/promises");
    // A directory where the socket should be.
    await mkdir("/run/docker.sock/in-the-way", { recursive: true });
    await startEngine({ onProgress }).catch(({ code, message }) => say({ code, message }));
  `);
  expect(lines).toEqual([
    {
      code: "ENGINE_UNAVAILABLE",
      message: expect.stringMatching(/dockerd ended before it answered[^]*docker\.sock/),
    },
  ]);
});

test.runIf(canTry)(
  "starts nothing against the will of ONRAMP_ENGINE, of a person, or of DOCKER_HOST",
  async () => {
    const lines = await onPrivateMachine(`
    const failure = ({ code, message }) => ({ code, message });
    const attempt = async (isInteractive) =>
      say(await ensureEngine({ onProgress, isInteractive, consent: async () => false }).then(() => "started", failure));
    process.env.ONRAMP_ENGINE = "never";
    await attempt(false);
    delete process.env.ONRAMP_ENGINE;
    await attempt(true);
    process.env.DOCKER_HOST = "unix:///nowhere.sock";
    await attempt(false);
    delete process.env.DOCKER_HOST;
    await attempt(false);
    say([process.env.TESTCONTAINERS_RYUK_DISABLED, process.env.TESTCONTAINERS_HOST_OVERRIDE]);
    await stopEngine();
    // Once we have started it, nobody is asked again.
    await attempt(true);
    await stopEngine();
  `);
    const unavailable = (text: string): object => ({
      code: "ENGINE_UNAVAILABLE",
      message: expect.stringContaining(text),
    });
    expect(lines).toEqual([
      unavailable("ONRAMP_ENGINE=never"),
      unavailable("you chose not to"),
      unavailable("DOCKER_HOST names an engine, but there is no socket at unix:///nowhere.sock"),
      "started",
      ["true", "127.0.0.1"],
      "started",
    ]);
  },
);
