import { randomBytes } from "node:crypto";
import type { Engine } from "@onramp/engine/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directoryWith, gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { type ProgramService, startProgram } from "./program-service.ts";

const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let program: ProgramService;

/** Counts the bytes of its input; on SIGTERM it says so; told to, it fills the memory. */
const source = `
let bytes = 0;
process.on("SIGTERM", () => { console.error("told to stop"); process.exit(7); });
if (process.env.FILL) { const all = []; for (;;) all.push(Buffer.alloc(1_000_000, 1)); }
process.stdin.on("data", (data) => { bytes += data.length; });
process.stdin.on("end", () => { console.log(process.env.NAME, bytes); });
`;

beforeAll(async () => {
  engine = await readyEngine("program");
  await using project = await directoryWith({
    Dockerfile: 'FROM node:24-bookworm-slim\nCOPY program.js /\nCMD ["node", "/program.js"]\n',
    "program.js": source,
  });
  program = await startProgram({ ...gradingJob(gradingId), projectDirectory: project.path });
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

test("several instances read what each was given, to the last byte", async () => {
  const megabyte = Buffer.alloc(1_000_000, "x");
  await using one = await program.start({ environment: { NAME: "one" } });
  await using two = await program.start({ environment: { NAME: "two" } });
  await Promise.all([
    one.input.write(Array.from({ length: 20 }, () => megabyte)),
    two.input.write(["a\n", "b\n"]),
  ]);
  one.input.close();
  two.input.close();
  expect(await one.container.waitForEnd(20_000)).toMatchObject({ exitCode: 0 });
  expect(await two.container.waitForEnd(20_000)).toMatchObject({ exitCode: 0 });
  expect((await one.container.logs()).stdout).toBe("one 20000000\n");
  expect((await two.container.logs()).stdout).toBe("two 4\n");
});

test("the input stays open while nobody closes it, and signals arrive", async () => {
  await using running = await program.start({ environment: { NAME: "open" } });
  await running.input.write(["line\n"]);
  expect(await running.container.waitForEnd(1500)).toBeUndefined();
  await running.container.kill("SIGTERM");
  expect(await running.container.waitForEnd(10_000)).toMatchObject({ exitCode: 7 });
  // Neither a signal nor writing to one that has ended is an error.
  await running.container.kill("SIGKILL");
  await running.input.write(Array.from({ length: 50 }, () => Buffer.alloc(100_000)));
});

test("memory ends where it was told to", async () => {
  const memoryBytes = 64 * 1024 ** 2;
  await using running = await program.start({ environment: { FILL: "1" }, memoryBytes });
  await running.container.waitForEnd(20_000);
  expect(await running.container.describeEnd()).toBe(
    "the container exited with code 137 (out of memory)",
  );
});
