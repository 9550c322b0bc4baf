import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { buildApp } from "../src/app.ts";
import { Readiness } from "../src/readiness.ts";

function debugApp(readiness = new Readiness()) {
  return buildApp({ logger: false, isDebug: true, readiness });
}

function tell(app: ReturnType<typeof debugApp>, what: string) {
  return app.inject({ method: "POST", url: `/debug/${what}` });
}

for (const what of ["not-ready", "ready", "leak"]) {
  test(`has no /debug/${what} unless it is told to`, async () => {
    const answer = await tell(buildApp({ logger: false }), what);

    assert.equal(answer.statusCode, 404);
  });
}

test("is not ready, but healthy, until it is told that it is ready again", async () => {
  const app = debugApp();

  assert.equal((await tell(app, "not-ready")).statusCode, 202);
  const off = await app.inject("/readyz");
  const health = await app.inject("/healthz");
  assert.equal((await tell(app, "ready")).statusCode, 202);
  const on = await app.inject("/readyz");

  assert.equal(off.statusCode, 503);
  assert.deepEqual(off.json(), { status: "not ready" });
  assert.equal(health.statusCode, 200);
  assert.equal(on.statusCode, 200);
  assert.deepEqual(on.json(), { status: "ready" });
});

test("drains, whatever the debug routes say", async () => {
  const readiness = new Readiness();
  const app = debugApp(readiness);
  readiness.isDraining = true;

  await tell(app, "ready");

  assert.deepEqual((await app.inject("/readyz")).json(), { status: "draining" });
});

test("does not say whether it is ready once it hangs", async () => {
  const app = debugApp();
  await tell(app, "hang");

  const late = Symbol("no answer");
  const answer = await Promise.race([app.inject("/readyz"), delay(100, late)]);

  assert.equal(answer, late);
});

test("leaks memory outside of the heap, and really uses it", { timeout: 5_000 }, async (t) => {
  const app = debugApp();
  t.after(() => app.close()); // without it, it would go on
  const before = process.memoryUsage();
  const bytes = 48 * 1024 * 1024;

  assert.equal((await tell(app, "leak")).statusCode, 202);
  let now = before;
  // `rss` counts what was written to: memory that is merely reserved would never get there.
  while (now.arrayBuffers < before.arrayBuffers + bytes || now.rss < before.rss + bytes) {
    await delay(10);
    now = process.memoryUsage();
  }

  assert.ok(now.heapUsed < before.heapUsed + bytes / 2);
});
