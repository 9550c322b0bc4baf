import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import type { Engine } from "@onramp/engine/engine";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { catalogueImage } from "./catalogue.ts";
import { ensureImages } from "./ensure-images.ts";

const onProgress = (): void => undefined;
const reaperImage = catalogueImage("ryuk").ref;
const baseImage = catalogueImage("node").ref;
let engine: Engine;
// Containers that no reaper takes.
const others: string[] = [];

beforeAll(async () => {
  engine = await ensureEngine({ onProgress, isInteractive: false });
  await ensureImages(["node", "ryuk"], { engine, onProgress });
}, 300_000);

afterAll(async () => {
  for (const id of others) await docker("rm", "--force", "--volumes", id);
});

async function docker(...arguments_: string[]): Promise<string> {
  const { stdout } = await execa(await findDockerCli(), arguments_, {
    env: dockerCliEnvironment(engine),
  });
  return stdout;
}

/** Starts a reaper and returns the address of its port. */
async function startReaper(
  ...options: string[]
): Promise<{ id: string; host: string; port: number }> {
  const id = await docker(
    "run",
    "--detach",
    "--rm",
    "--publish",
    "127.0.0.1::8080",
    "--volume",
    `${engine.socketPath}:/var/run/docker.sock`,
    ...options,
    reaperImage,
  );
  await expect.poll(async () => await docker("logs", id), { timeout: 20_000 }).toContain("Started");
  const [host = "", port = ""] = (await docker("port", id, "8080/tcp")).split(":");
  return { id, host, port: Number(port) };
}

/** A process that names what is its own to the reaper, says "held" and keeps the connection until it is killed. */
async function holdConnection(reaper: { host: string; port: number }, lines: string) {
  const program = `
    const socket = require("node:net").connect(${reaper.port}, "${reaper.host}", () => socket.write(${JSON.stringify(lines)}));
    let text = "";
    socket.on("data", (data) => { text += data; if (text.split("ACK\\n").length - 1 === ${lines.split("\n").length - 1}) console.log("held"); });
  `;
  const client = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  // A test that fails leaves it to the reaper to clean up.
  onTestFinished(() => void client.kill("SIGKILL"));
  await once(client.stdout, "data");
  return client;
}

/** Everything with that label, as `kind id`. */
async function labelled(label: string): Promise<string[]> {
  const filter = ["--filter", `label=${label}`, "--quiet"];
  const lists = await Promise.all([
    docker("ps", "--all", ...filter),
    docker("network", "ls", ...filter),
    docker("volume", "ls", ...filter),
    docker("images", ...filter),
  ]);
  return lists.flatMap((list, index) =>
    list
      .split("\n")
      .filter((id) => id !== "")
      .map((id) => `${["container", "network", "volume", "image"][index]} ${id}`),
  );
}

async function createOneOfEach(label: string): Promise<void> {
  const name = `onramp-reaper-test-${randomBytes(4).toString("hex")}`;
  await docker("network", "create", "--label", label, name);
  await docker("volume", "create", "--label", label, name);
  const build = execa(
    await findDockerCli(),
    ["build", "--quiet", "--label", label, "--tag", `${name}:one`, "--tag", `${name}:two`, "-"],
    {
      env: dockerCliEnvironment(engine),
      input: `FROM ${baseImage}\nRUN echo ${name} > /name\n`,
    },
  );
  await build;
  // One that runs and one that has ended, both from the image that has to go, both on the volume.
  const common = ["--label", label, "--network", name, "--volume", `${name}:/data`];
  await docker("run", "--detach", ...common, `${name}:one`, "sleep", "600");
  await docker("run", ...common, `${name}:two`, "true");
}

test(
  "frees everything within 30 s when its client is killed, and nothing else",
  { timeout: 120_000 },
  async () => {
    const run = randomBytes(4).toString("hex");
    const [mine, other] = [`dev.onramp.test=mine-${run}`, `dev.onramp.test=other-${run}`];
    const reaper = await startReaper("--label", mine);
    const client = await holdConnection(reaper, `label=${encodeURIComponent(mine)}\n`);
    await createOneOfEach(mine);
    others.push(await docker("create", "--label", other, baseImage));
    // The reaper itself, two containers, a network, a volume, and an image by two names.
    expect(await labelled(mine)).toHaveLength(7);

    client.kill("SIGKILL");
    // The reaper leaves itself out, and ends by itself.
    await expect
      .poll(async () => await labelled(mine), { timeout: 30_000, interval: 500 })
      .toEqual([]);

    expect(await labelled(other)).toHaveLength(1);
  },
);

test(
  "holds while any connection is open, and while a client comes back in time",
  { timeout: 60_000 },
  async () => {
    const mine = `dev.onramp.test=held-${randomBytes(4).toString("hex")}`;
    const reaper = await startReaper("--env", "RYUK_RECONNECTION_TIMEOUT=2s");
    const line = `label=${encodeURIComponent(mine)}\r\n`;
    const first = await holdConnection(reaper, line);
    const second = await holdConnection(reaper, line);
    await docker("create", "--label", mine, baseImage);
    first.kill("SIGKILL");
    await delay(3_000);
    expect(await labelled(mine)).toHaveLength(1);
    second.kill("SIGKILL");
    await delay(500);
    const third = await holdConnection(reaper, line);
    await delay(3_000);
    expect(await labelled(mine)).toHaveLength(1);
    third.kill("SIGKILL");
    await expect.poll(async () => await labelled(mine), { timeout: 15_000 }).toEqual([]);
  },
);

test("ends when nobody ever connects", { timeout: 30_000 }, async () => {
  const reaper = await startReaper("--env", "RYUK_CONNECTION_TIMEOUT=1s");
  await expect
    .poll(async () => await docker("ps", "--all", "--quiet", "--no-trunc"), { timeout: 15_000 })
    .not.toContain(reaper.id);
});
