import { randomBytes } from "node:crypto";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DockerService, startDocker } from "../docker/docker-service.ts";
import {
  addressOf,
  directoryWith,
  gradingJob,
  leftAfter30s,
  readyEngine,
} from "../docker/engine-fixtures.ts";
import type { Database } from "../postgres/database.ts";
import { type PostgresService, startPostgres } from "../postgres/postgres-service.ts";
import type { Door } from "./door.ts";

const { signal } = new AbortController();
const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let docker: DockerService;
let postgres: PostgresService;
let database: Database;
let image: string;

/** Asks PostgreSQL one question (whether it speaks TLS), and prints the answer or the error, with the time it took. */
const asker = `
const [host, port] = process.env.ADDRESS.split(":");
const start = performance.now();
const say = (text) => { console.log(text, Math.round(performance.now() - start)); process.exit(); };
const socket = require("node:net").connect(Number(port), host, () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
socket.on("data", (data) => say("answer " + data));
socket.on("error", (error) => say(error.code));
socket.on("close", () => say("closed"));
setTimeout(() => say("silence"), 4000);
`;

beforeAll(async () => {
  engine = await readyEngine("docker", "postgres");
  const job = gradingJob(gradingId);
  [docker, postgres] = await Promise.all([startDocker(job), startPostgres(job)]);
  database = await postgres.createDatabase("doors", "secret", "");
  await using context = await directoryWith({
    Dockerfile: 'FROM node:24-bookworm-slim\nCOPY asker.js /\nCMD ["node", "/asker.js"]\n',
    "asker.js": asker,
  });
  image = (await docker.builder.build(context.path, {}, signal)).tag;
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await docker[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The services left ${left.join(", ")}.`);
});

async function ask(address: string): Promise<{ said: string; ms: number }> {
  await using container = await docker.run({ image, environment: { ADDRESS: address } });
  await container.waitForEnd(15_000);
  const { stdout } = await container.logs();
  const [, said = stdout, ms = "0"] = /^(.*) (\d+)\n$/.exec(stdout) ?? [];
  return { said, ms: Number(ms) };
}

/** "SSLRequest" is answered with one byte: N, no. */
const answered = "answer N";
/** A connection that is closed with a question unread is reset; which of the two the asker sees is a matter of time. */
const cut = /^(closed|ECONNRESET)$/;

test("each fault is felt at its own door alone, and healed again", async () => {
  await using door = await database.openDoor();
  await using other = await database.openDoor();
  const faults: [(door: Door) => Promise<void>, RegExp][] = [
    [(faulty) => faulty.sever(), cut],
    [(faulty) => faulty.shut(), /^ECONNREFUSED$/],
  ];
  expect((await ask(door.address)).said).toBe(answered);
  for (const [put, seen] of faults) {
    await put(door);
    expect((await ask(door.address)).said).toMatch(seen);
    expect((await ask(other.address)).said).toBe(answered);
    await door.heal();
    expect((await ask(door.address)).said).toBe(answered);
  }
  await door.slow(2000);
  expect((await ask(door.address)).ms).toBeGreaterThanOrEqual(2000);
  await door.heal();
  expect((await ask(door.address)).ms).toBeLessThan(2000);
});

test("an answer that is on its way when the connections are cut is lost", async () => {
  await using door = await database.openDoor();
  await door.slow(3000);
  const asking = ask(door.address);
  await eventually(
    "The asker has connected",
    async () => ({ done: (await door.connections()) === 1, seen: "no connection" }),
    { withinMs: 20_000 },
  );
  await door.sever();
  expect((await asking).said).toMatch(cut);
});

test("connections are counted, also those that lead nowhere", async () => {
  await using door = await database.openDoor();
  await ask(door.address);
  await door.sever();
  await ask(door.address);
  expect(await door.connections()).toBe(2);
});

test("a door whose service is gone leads nowhere, whoever gets its address", async () => {
  const job = gradingJob(gradingId);
  await using dying = await startPostgres(job, { name: "dying" });
  await using next = await startPostgres(job, { name: "next" });
  await using orphan = await dying.createDatabase("orphan", "secret", "");
  await using door = await orphan.openDoor();
  const address = await addressOf(engine, dying);
  const dockerode = await connectDockerode(engine);
  await dockerode.getContainer(dying.containerId).kill();
  // The engine gives an address that is free again to whoever comes next.
  const network = dockerode.getNetwork(`onramp-services-${gradingId}`);
  await network.disconnect({ Container: next.containerId });
  await network.connect({ Container: next.containerId });
  expect(await addressOf(engine, next)).toBe(address);
  expect((await ask(door.address)).said).toMatch(cut);
});

test("a submission reaches neither the service past its door nor the fault proxy's own interface", async () => {
  await using door = await database.openDoor();
  const [host = ""] = door.address.split(":");
  expect((await ask(`${host}:8474`)).said).toBe("ECONNREFUSED");
  expect((await ask(`${host}:5432`)).said).toBe("ECONNREFUSED");
  const address = await addressOf(engine, postgres);
  expect((await ask(`${address}:5432`)).said).toMatch(/ENETUNREACH|EHOSTUNREACH|silence/);
});
