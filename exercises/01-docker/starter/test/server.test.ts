import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { type TestContext, test } from "node:test";

type LogLine = { msg: string; port?: number; problems?: string[] };

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
      assert.deepEqual(await json(answer), { trips: 0, distanceKm: 0, hardBrakes: 0 });
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
