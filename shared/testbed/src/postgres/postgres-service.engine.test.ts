import { randomBytes } from "node:crypto";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { type PostgresService, startPostgres } from "./postgres-service.ts";

const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let postgres: PostgresService;

beforeAll(async () => {
  engine = await readyEngine("postgres");
  postgres = await startPostgres(gradingJob(gradingId));
});

afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

test("databases do not meet, and their owner may make tables", async () => {
  const schema = "CREATE TABLE trips (id int PRIMARY KEY)";
  await using one = await postgres.createDatabase("one", "it's secret", schema);
  await using two = await postgres.createDatabase("two", "another", schema);
  await one.query("INSERT INTO trips VALUES ($1)", [1]);
  await one.query("CREATE TABLE offsets (id int)");
  expect(await one.query("SELECT * FROM trips")).toEqual([{ id: 1 }]);
  expect(await two.query("SELECT * FROM trips")).toEqual([]);
});

test("a grading that was given a server has databases of its own in it, and leaves the rest alone", async () => {
  const guestId = randomBytes(4).toString("hex");
  await using kept = await postgres.createDatabase("of_another", "secret", "SELECT 1");
  {
    const given = { postgres: postgres.containerId };
    await using guest = await startPostgres({ ...gradingJob(guestId), sharedServices: given });
    expect(guest.containerId).toBe(postgres.containerId);
    await using database = await guest.createDatabase("of_the_guest", "secret", "SELECT 1");
    expect(await database.query("SELECT current_database() AS name")).toEqual([
      { name: "of_the_guest" },
    ]);
  }
  const left = await kept.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database UNION SELECT rolname FROM pg_roles",
  );
  const names = left.map(({ name }) => name);
  expect(names).toContain("of_another");
  expect(names.filter((name) => name.startsWith("of_the_guest"))).toEqual([]);
  expect(await leftAfter30s(engine, [guestId])).toEqual([]);
});

test("nobody knows the server's own user", async () => {
  const client = new Client({ connectionString: postgres.uriOf("test", "test") });
  await expect(client.connect()).rejects.toThrow("password authentication failed");
});

test("a locked table makes others wait, who can be told and cut off", async () => {
  const schema = "CREATE TABLE trips (id int PRIMARY KEY)";
  await using database = await postgres.createDatabase("held", "secret", schema);
  const other = new Client({ connectionString: postgres.uriOf("held", "secret") });
  other.on("error", () => {});
  await other.connect();
  const lock = await database.lock("trips");
  const writing = other.query("INSERT INTO trips VALUES (1)").catch((error: unknown) => error);
  await eventually(
    "one session waits",
    async () => {
      const waiting = await database.waiting();
      return { done: waiting === 1, seen: String(waiting) };
    },
    { withinMs: 10_000 },
  );
  await database.disconnectProgram();
  expect(await writing).toBeInstanceOf(Error);
  await lock[Symbol.asyncDispose]();
  // Nothing of it comes later, now that the table is free.
  expect(await database.query("SELECT * FROM trips")).toEqual([]);
  await other.end().catch(() => {});
});

test("a program that uses up its connections, or ends those that it can, leaves the grader's alone", async () => {
  const schema = "CREATE TABLE trips (id int PRIMARY KEY)";
  await using database = await postgres.createDatabase("leaky", "secret", schema);
  const lock = await database.lock("trips");
  const clients: Client[] = [];
  const leak = async (): Promise<void> => {
    for (let opened = 0; opened < 60; opened += 1) {
      const client = new Client({ connectionString: postgres.uriOf("leaky", "secret") });
      client.on("error", () => {});
      await client.connect();
      clients.push(client);
    }
  };
  await expect(leak()).rejects.toThrow('too many connections for role "leaky"');
  const endAll =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
  await expect(clients[0]?.query(endAll)).rejects.toThrow("must be");
  expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await lock[Symbol.asyncDispose]();
});

test("a server that does not answer is a fault of ours, with the service named", async () => {
  const held = await postgres.pause();
  const fault = await postgres.diagnose();
  await held[Symbol.asyncDispose]();
  expect(fault).toMatchObject({ code: "SERVICE_DIED" });
  expect(fault?.message).toMatch(/^PostgreSQL does not answer: /);
  expect(await postgres.diagnose()).toBeUndefined();
});
