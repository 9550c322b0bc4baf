import assert from "node:assert/strict";
import { test } from "node:test";

import { buildApp } from "../src/app.ts";
import { tripEvent } from "./trip-events.ts";

const app = buildApp({ logger: false, token: "let-me-in" });

function post(headers: Record<string, string>, payload: object = tripEvent()) {
  return app.inject({ method: "POST", url: "/trips", headers, payload });
}

test("takes a trip from who has the token", async () => {
  const answer = await post({ authorization: "Bearer let-me-in" });

  assert.equal(answer.statusCode, 201);
});

for (const [who, headers] of [
  ["no header", {}],
  ["another token", { authorization: "Bearer let-me-out" }],
  ["the beginning of the token", { authorization: "Bearer let-me" }],
  ["an empty token", { authorization: "Bearer " }],
  ["the token alone", { authorization: "let-me-in" }],
  ["another scheme", { authorization: "Basic let-me-in" }],
] as const) {
  test(`takes no trip from who has ${who}`, async () => {
    const answer = await post(headers);

    assert.equal(answer.statusCode, 401);
    assert.equal(answer.headers["www-authenticate"], "Bearer");
    assert.deepEqual(Object.keys(answer.json()), ["error"]);
  });
}

test("asks for the token before it looks at the trip", async () => {
  const stranger = await post({}, {});
  const friend = await post({ authorization: "Bearer let-me-in" }, {});

  assert.equal(stranger.statusCode, 401);
  assert.equal(friend.statusCode, 400);
});

test("gives trips and reports to everybody", async () => {
  const event = tripEvent();
  await post({ authorization: "Bearer let-me-in" }, event);

  const trip = await app.inject(`/trips/${event.tripId}`);
  const report = await app.inject("/reports/daily?delayMs=0");

  assert.equal(trip.statusCode, 200);
  assert.equal(report.statusCode, 200);
});
