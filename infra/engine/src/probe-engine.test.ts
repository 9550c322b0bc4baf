import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { probeEngine } from "./probe-engine.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "onramp-probe-"));
});

function probe(path = join(folder, "docker.sock"), timeoutMs = 500) {
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return probeEngine(
    { source: "a test", host: `unix://${path}`, isFoundByOthers: false },
    timeoutMs,
  );
}

async function listen(server: Server): Promise<void> {
  server.listen(join(folder, "docker.sock"));
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

test("says that there is nothing", async () => {
  expect(await probe()).toEqual({ status: "absent" });
});

test("says that nobody answers within the time", async () => {
  await listen(createServer(() => undefined));
  expect(await probe(undefined, 200)).toMatchObject({
    status: "silent",
    detail: expect.stringContaining("nobody answers at unix://"),
  });
});

test("says what an engine in trouble answered", async () => {
  await listen(createServer((_, response) => response.writeHead(500).end("{}")));
  expect(await probe()).toMatchObject({
    status: "silent",
    detail: expect.stringContaining("HTTP status 500"),
  });
});

test("says that something else answers", async () => {
  await listen(createServer((_, response) => response.end("hello")));
  expect(await probe()).toMatchObject({ status: "silent" });
});

test("says that this user may not open the socket", async () => {
  await listen(createServer());
  await chmod(join(folder, "docker.sock"), 0);
  await chmod(folder, 0o755);
  const program = `
    const { probeEngine } = await import(${JSON.stringify(new URL("./probe-engine.ts", import.meta.url).href)});
    const probe = await probeEngine({ host: ${JSON.stringify(`unix://${join(folder, "docker.sock")}`)} }, 500);
    console.log(JSON.stringify(probe));
  `;
  // Root may open everything: the asking is done by nobody.
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await execa(
    process.execPath,
    ["--input-type=module", "-e", program],
    identity,
  );
  expect(JSON.parse(stdout)).toMatchObject({ status: "forbidden" });
  await rm(folder, { recursive: true });
});
