import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { buildApp } from "../src/app.ts";
import { Readiness } from "../src/readiness.ts";
import type { Trip } from "../src/trip.ts";
import { tripEvent } from "./trip-events.ts";

function quietApp({ isDebug = false } = {}) {
  return buildApp({ logger: false, isDebug });
}

function post(app: ReturnType<typeof quietApp>, payload: object) {
  return app.inject({ method: "POST", url: "/trips", payload });
}

test("says that it is up", async () => {
  const answer = await quietApp().inject("/healthz");

  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { status: "ok" });
});

test("is ready until it drains", async () => {
  const readiness = new Readiness();
  const app = buildApp({ logger: false, readiness });

  const before = await app.inject("/readyz");
  readiness.isDraining = true;
  const after = await app.inject("/readyz");
  const health = await app.inject("/healthz");

  assert.equal(before.statusCode, 200);
  assert.deepEqual(before.json(), { status: "ready" });
  assert.equal(after.statusCode, 503);
  assert.deepEqual(after.json(), { status: "draining" });
  assert.equal(health.statusCode, 200);
});

test("gives a trip back as it was posted", async () => {
  const app = quietApp();
  const event = tripEvent();

  const posted = await post(app, event);
  const read = await app.inject(`/trips/${event.tripId}`);

  assert.equal(posted.statusCode, 201);
  assert.deepEqual(posted.json(), event);
  assert.equal(read.statusCode, 200);
  assert.deepEqual(read.json(), event);
});

test("keeps the newer event of a trip, whichever comes first", async () => {
  const app = quietApp();
  const ended = tripEvent();
  const started: Trip = {
    ...ended,
    eventId: randomUUID(),
    eventTime: ended.startedAt,
    endedAt: null,
    status: "started",
  };

  await post(app, ended);
  const late = await post(app, started);

  assert.equal(late.statusCode, 201);
  assert.equal(late.json().status, "ended");
});

test("refuses what is no trip event, with every reason", async () => {
  const answer = await post(quietApp(), { ...tripEvent(), distanceKm: -1, startedAt: "yesterday" });

  assert.equal(answer.statusCode, 400);
  const fields = answer.json().reasons.map((reason: { field: string }) => reason.field);
  assert.deepEqual(fields.toSorted(), ["distanceKm", "startedAt"]);
});

test("refuses a trip that ended before it started, or ended without saying when", async () => {
  const backwards = await post(quietApp(), tripEvent({ endedAt: "2026-11-23T08:14:59Z" }));
  const endless = await post(quietApp(), tripEvent({ endedAt: null }));

  assert.deepEqual(backwards.json().reasons, [
    { field: "endedAt", message: "is earlier than startedAt" },
  ]);
  assert.deepEqual(endless.json().reasons, [
    { field: "endedAt", message: "is missing from a trip that has ended" },
  ]);
});

test("answers 404 for a trip that it does not know", async () => {
  const answer = await quietApp().inject(`/trips/${randomUUID()}`);

  assert.equal(answer.statusCode, 404);
});

test("reports the day after the delay it is told", async () => {
  const app = quietApp();
  await post(app, tripEvent({ distanceKm: 2, hardBrakes: 1 }));
  await post(app, tripEvent({ distanceKm: 3, hardBrakes: 0 }));

  const startedMs = performance.now();
  const answer = await app.inject("/reports/daily?delayMs=100");

  assert.ok(performance.now() - startedMs >= 99);
  assert.deepEqual(answer.json(), {
    trips: 2,
    distanceKm: 5,
    hardBrakes: 1,
    speedLimitKmh: 130,
    tooFast: 0,
  });
});

test("counts the trips above the speed limit", async () => {
  const app = buildApp({ logger: false, speedLimitKmh: 80 });
  for (const maxSpeedKmh of [79, 80, 80.1, 95]) await post(app, tripEvent({ maxSpeedKmh }));

  const answer = await app.inject("/reports/daily?delayMs=0");

  assert.equal(answer.json().speedLimitKmh, 80);
  assert.equal(answer.json().tooFast, 2);
});

test("refuses a delay out of range", async () => {
  const answer = await quietApp().inject("/reports/daily?delayMs=10001");

  assert.equal(answer.statusCode, 400);
});

test("has no debug routes unless it is told to", async () => {
  const answer = await quietApp().inject({ method: "POST", url: "/debug/hang" });

  assert.equal(answer.statusCode, 404);
});

test("answers nothing more once it hangs", async () => {
  const app = quietApp({ isDebug: true });

  const told = await app.inject({ method: "POST", url: "/debug/hang" });
  assert.equal(told.statusCode, 202);

  const late = Symbol("no answer");
  const answer = await Promise.race([
    app.inject("/healthz"),
    new Promise((resolve) => setTimeout(() => resolve(late), 100)),
  ]);
  assert.equal(answer, late);
});
