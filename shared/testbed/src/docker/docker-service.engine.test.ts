import { hostNpmRegistry } from "@onramp/images/host-mirrors";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { CheckFailure } from "@onramp/grading/check-failure";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DockerService, startDocker } from "./docker-service.ts";
import {
  directoryWith,
  gradingJob,
  leftAfter30s,
  readyEngine,
  thingsOf,
} from "./engine-fixtures.ts";
import type { RunningContainer } from "./running-container.ts";

const { signal } = new AbortController();
let engine: Engine;
let docker: DockerService;

const gradingId = randomBytes(4).toString("hex");
beforeAll(async () => {
  engine = await readyEngine();
  docker = await startDocker(gradingJob(gradingId));
});

afterAll(async () => {
  await docker[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

/** An image that adds these lines to Node's. */
async function build(lines: string): Promise<string> {
  const dockerfile = `FROM node:24-bookworm-slim\n${lines}\n`;
  await using context = await directoryWith({ Dockerfile: dockerfile });
  return (await docker.builder.build(context.path, {}, signal)).tag;
}

async function run(lines: string): Promise<RunningContainer> {
  return await docker.run({ image: await build(lines) });
}

const shell = (script: string): string => `CMD ${JSON.stringify(["sh", "-c", script])}`;

test("a container that ends at once is told with its exit code", async () => {
  await using container = await run(shell("echo no PORT >&2; exit 3"));
  expect(await container.waitForEnd(10_000)).toMatchObject({ isRunning: false, exitCode: 3 });
  expect(await container.describeEnd()).toBe("the container exited with code 3");
  expect((await container.logs()).stderr).toBe("no PORT\n");
  await expect(container.ask(8080, { path: "/", signal })).rejects.toThrow(
    "the container exited with code 3",
  );
});

test("a container whose program does not exist is the submission's failure, not ours", async () => {
  const starting = run('ENTRYPOINT ["trip-api-server"]');
  await expect(starting).rejects.toBeInstanceOf(CheckFailure);
  await expect(starting).rejects.toThrow(
    'The container could not be started: there is no program "trip-api-server" in the image',
  );
});

test("a container that eats memory is ended, and told to be out of memory", async () => {
  await using container = await run(
    'CMD ["node", "--max-old-space-size=4000", "-e", "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))"]',
  );
  expect(await container.waitForEnd(20_000)).toMatchObject({ isOutOfMemory: true });
  expect(await container.describeEnd()).toMatch(/exited with code 137 \(out of memory\)/);
});

test("a container that forks without end stays within its processes, and goes", async () => {
  await using container = await run(shell("f() { f | f & }; f; while :; do sleep 1; done"));
  await expect
    .poll(async () => (await container.processes()).length, { timeout: 15_000 })
    .toBeGreaterThan(100);
  expect((await container.processes()).length).toBeLessThanOrEqual(256);
  await using other = await run(shell("exit 0"));
  expect(await other.waitForEnd(10_000)).toMatchObject({ exitCode: 0 });
});

test("a container that ignores SIGTERM is removed all the same", async () => {
  const container = await run(shell("trap '' TERM; while :; do sleep 1; done"));
  await container.kill("SIGTERM");
  expect(await container.waitForEnd(1000)).toBeUndefined();
  await container[Symbol.asyncDispose]();
  expect(await thingsOf(engine, gradingId)).not.toContain(`container ${container.id}`);
});

test("of a log of 1 GB the last lines are kept, in bounded memory", async () => {
  const before = process.memoryUsage().rss;
  await using container = await run(
    shell("head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo the end"),
  );
  expect(await container.waitForEnd(120_000)).toMatchObject({ exitCode: 0 });
  const { stdout } = await container.logs();
  expect(stdout.endsWith("x\nthe end\n")).toBe(true);
  expect(stdout.split("\n").length).toBeLessThanOrEqual(2001);
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
});

test("a container that fills the disk is stopped", async () => {
  await using container = await docker.run({
    image: await build(shell("dd if=/dev/zero of=/full bs=1M count=20000; sleep 60")),
    diskBytes: 300 * 1024 ** 2,
  });
  expect(await container.waitForEnd(30_000)).toMatchObject({ isRunning: false });
  expect(await container.describeEnd()).toMatch(
    "the container was stopped, because it had written more than 0.3 GiB to disk",
  );
});

/** Tries to open a connection to each target, `host:port` or a socket's path, and prints what came of it. */
const probe = `
  const { connect } = require("node:net");
  const attempt = (target) => new Promise((resolve) => {
    const [host, port] = target.split(":");
    const socket = connect(port === undefined ? { path: target } : { host, port: Number(port) });
    const timer = setTimeout(() => { socket.destroy(); resolve("timed out"); }, 2000);
    socket.on("connect", () => resolve("reached"));
    socket.on("error", (error) => resolve(error.code));
    socket.on("close", () => clearTimeout(timer));
  });
  Promise.all(process.argv.slice(1).map(async (target) => [target, await attempt(target)]))
    .then((all) => { 
console.log(JSON.stringify(Object.fromEntries(all))); setInterval(() => {}, 1000);
    });
`;

test("from a submission's network neither the internet, nor this machine, nor the engine is reached", async () => {
  const dockerode = await connectDockerode(engine);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(0, "0.0.0.0", resolve));
  const { port } = server.address() as { port: number };
  const bridge = (await dockerode.getNetwork("bridge").inspect()) as {
    IPAM: { Config: { Gateway?: string; Subnet: string }[] };
  };
  const bridgeAddress = bridge.IPAM.Config[0]?.Gateway ?? "172.17.0.1";
  const own = Object.entries(networkInterfaces())
    .filter(([name]) => !/^(docker|br-|veth)/.test(name))
    .flatMap(([, addresses = []]) => addresses)
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  const registry = new URL((await hostNpmRegistry()) ?? "");
  const internet = `${registry.hostname}:${registry.port || (registry.protocol === "http:" ? 80 : 443)}`;
  const socket = "/var/run/docker.sock";
  const targets = [`${bridgeAddress}:${port}`, `${own}:${port}`, internet, socket];
  const command = `CMD ${JSON.stringify(["node", "-e", probe, ...targets])}`;

  const tag = await build(command);
  const ordinary = await dockerode.createContainer({
    Image: tag,
    Labels: { "dev.onramp.grading": gradingId },
    HostConfig: { Binds: [`${engine.socketPath}:${socket}`] },
  });
  await ordinary.start();
  const log = async () => (await ordinary.logs({ stdout: true, tail: 1 })).subarray(8).toString();
  await expect.poll(log, { timeout: 20_000 }).not.toBe("");
  expect(JSON.parse(await log())).toEqual(
    Object.fromEntries(targets.map((target) => [target, "reached"])),
  );

  await using container = await docker.run({ image: tag });
  const answer = async () => (await container.logs()).stdout;
  await expect.poll(answer, { timeout: 20_000 }).not.toBe("");
  const answers = JSON.parse(await answer()) as Record<string, string>;
  expect(Object.keys(answers)).toEqual(targets);
  expect(Object.values(answers)).not.toContain("reached");
  server.close();
});

test("the gateway, which a submission does reach, carries nothing for it", async () => {
  const tag = await build(
    `CMD ${JSON.stringify([
      "node",
      "-e",
      `const { request } = require("node:http");
       const [address, ...rest] = Object.values(require("node:os").networkInterfaces()).flat().filter(({ internal }) => !internal).map(({ address }) => address);
       const parts = address.split(".");
       const asking = request({ host: [...parts.slice(0, 3), 2].join("."), port: 8081, method: "CONNECT", path: "127.0.0.1:8081" });
       asking.on("connect", (response) => { console.log(response.statusCode); process.exit(0); });
       asking.on("error", (error) => { console.log(error.code); process.exit(0); });
       asking.end();`,
    ])}`,
  );
  await using container = await docker.run({ image: tag });
  await container.waitForEnd(20_000);
  expect((await container.logs()).stdout.trim()).toBe("407");
});
