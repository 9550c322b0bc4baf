import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { hostname } from "node:os";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { type TestContext, test } from "node:test";

import { tripEvent } from "./trip-events.ts";

type LogLine = { msg: string; time: number; port?: number; problems?: string[] };

/** The real process, with what it logs. Ended when the test is over. */
function startServer(t: TestContext, environment: NodeJS.ProcessEnv = {}) {
  const server = spawn(process.execPath, ["--import", "tsx", "src/server.ts"], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => server.kill("SIGKILL"));

  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: server.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line)); // throws on anything that is not JSON: stdout holds the log alone
    for (const look of waiting) look();
  });

  async function logged(msg: string): Promise<LogLine> {
    const { promise, resolve } = Promise.withResolvers<LogLine>();
    const look = () => {
      const line = lines.find((candidate) => candidate.msg === msg);
      if (line) resolve(line);
    };
    waiting.add(look);
    look();
    return promise.finally(() => waiting.delete(look));
  }

  return { server, lines, logged, exited: once(server, "exit") };
}

/** An answer over a connection of its own. */
async function ask(port: number | undefined, path: string) {
  const [answer] = await once(get({ port, path, agent: false }), "response");
  return {
    status: answer.statusCode,
    servedBy: answer.headers["x-served-by"],
    body: await json(answer),
  };
}

/** A port that nobody listens on: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const holder = createServer().listen(0);
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, "close");
  return port;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(
    `finishes the request under way on ${signal}, then exits 0`,
    { timeout: 10_000 },
    async (t) => {
      const { server, logged, exited } = startServer(t);
      const { port } = await logged("trip-api listening");

      // Kept alive, as behind a load balancer: the open connection must not hold the end back.
      const agent = new Agent({ keepAlive: true });
      t.after(() => agent.destroy());
      const response = once(get({ port, path: "/reports/daily?delayMs=500", agent }), "response");
      await logged("incoming request");
      server.kill(signal);

      const [answer] = await response;
      assert.equal(answer.statusCode, 200);
      assert.deepEqual(await json(answer), {
        trips: 0,
        distanceKm: 0,
        hardBrakes: 0,
        speedLimitKmh: 130,
        tooFast: 0,
      });
      assert.deepEqual(await exited, [0, null]);
      await logged("trip-api stopped");
    },
  );
}

test("exits 1 and says why when PORT is no port", { timeout: 10_000 }, async (t) => {
  const { lines, exited } = startServer(t, { PORT: "trips" });

  assert.deepEqual(await exited, [1, null]);
  assert.deepEqual(lines.at(-1)?.problems, ['PORT is "trips": must be a whole number']);
});

test("says with every answer who gave it", { timeout: 10_000 }, async (t) => {
  const { logged } = startServer(t);
  const { port } = await logged("trip-api listening");

  // The last one is refused by Fastify itself, before any route or hook.
  for (const [path, status] of [
    ["/healthz", 200],
    ["/nowhere", 404],
    ["/trips/%zz", 400],
  ] as const) {
    const answer = await ask(port, path);
    assert.equal(answer.status, status);
    assert.equal(answer.servedBy, hostname());
  }
});

test(
  "never logs a token, neither the right one nor a wrong one",
  { timeout: 10_000 },
  async (t) => {
    const { server, lines, logged, exited } = startServer(t, { TRIP_API_TOKEN: "let-me-in" });
    const { port } = await logged("trip-api listening");

    const statuses = [];
    for (const token of ["let-me-in", "let-me-out"]) {
      const answer = await fetch(`http://127.0.0.1:${port}/trips`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(tripEvent()),
      });
      statuses.push(answer.status);
      await answer.text();
    }
    server.kill("SIGTERM");
    await exited;
    await logged("trip-api stopped");

    assert.deepEqual(statuses, [201, 401]);
    assert.doesNotMatch(JSON.stringify(lines), /let-me/);
  },
);

test("refuses connections until it has loaded", { timeout: 10_000 }, async (t) => {
  const port = await freePort();
  const { logged } = startServer(t, { PORT: String(port), TRIP_API_START_DELAY_MS: "700" });

  const loading = await logged("trip-api loading");
  await assert.rejects(ask(port, "/healthz"), { code: "ECONNREFUSED" });

  const listening = await logged("trip-api listening");
  assert.ok(listening.time - loading.time >= 699);
  assert.equal((await ask(port, "/readyz")).status, 200);
});

test("exits 0 at once when it is stopped while it loads", { timeout: 10_000 }, async (t) => {
  const { server, lines, logged, exited } = startServer(t, {
    TRIP_API_START_DELAY_MS: "600000",
    TRIP_API_DRAIN_MS: "60000", // nothing to drain yet
  });

  await logged("trip-api loading");
  server.kill("SIGTERM");

  assert.deepEqual(await exited, [0, null]);
  await logged("trip-api stopped");
  assert.ok(!lines.some(({ msg }) => msg === "trip-api listening"));
});

test("serves on while it drains, but says that it is not ready", { timeout: 10_000 }, async (t) => {
  const { server, logged, exited } = startServer(t, { TRIP_API_DRAIN_MS: "700" });
  const { port } = await logged("trip-api listening");

  server.kill("SIGTERM");
  const draining = await logged("trip-api draining");
  const [ready, health, report] = await Promise.all([
    ask(port, "/readyz"),
    ask(port, "/healthz"),
    ask(port, "/reports/daily?delayMs=0"),
  ]);

  assert.equal(ready.status, 503);
  assert.deepEqual(ready.body, { status: "draining" });
  assert.equal(health.status, 200);
  assert.equal(report.status, 200);
  assert.deepEqual(await exited, [0, null]);
  const stopped = await logged("trip-api stopped");
  assert.ok(stopped.time - draining.time >= 699);
});

test("ends at once on a second signal, of either kind", { timeout: 10_000 }, async (t) => {
  const { server, logged, exited } = startServer(t, { TRIP_API_DRAIN_MS: "60000" });
  await logged("trip-api listening");

  server.kill("SIGTERM");
  await logged("trip-api draining");
  server.kill("SIGINT");

  assert.deepEqual(await exited, [null, "SIGINT"]);
});
