import assert from "node:assert/strict";
import { test } from "node:test";

import { type Configuration, readConfiguration } from "../src/configuration.ts";

const defaults: Configuration = {
  port: 3000,
  isDebug: false,
  speedLimitKmh: 130,
  token: undefined,
  startDelayMs: 0,
  drainMs: 0,
};

test("listens on 3000 without debug routes by default", () => {
  assert.deepEqual(readConfiguration({}), { configuration: defaults });
});

test("takes the port and the debug switch from the environment", () => {
  const result = readConfiguration({ PORT: "8080", TRIP_API_DEBUG: "1" });

  assert.deepEqual(result, { configuration: { ...defaults, port: 8080, isDebug: true } });
});

test("has no debug routes for any other value of the switch", () => {
  assert.deepEqual(readConfiguration({ TRIP_API_DEBUG: "true" }), {
    configuration: defaults,
  });
});

for (const [port, problem] of [
  ["", 'PORT is "": must be a whole number'],
  ["http", 'PORT is "http": must be a whole number'],
  ["-1", 'PORT is "-1": must be a whole number'],
  ["65536", 'PORT is "65536": must be at most 65535'],
] as const) {
  test(`refuses PORT=${port}`, () => {
    assert.deepEqual(readConfiguration({ PORT: port }), { problems: [problem] });
  });
}

test("takes the speed limit, the token and both times from the environment", () => {
  const result = readConfiguration({
    TRIP_API_SPEED_LIMIT_KMH: "80",
    TRIP_API_TOKEN: "let-me-in",
    TRIP_API_START_DELAY_MS: "600000",
    TRIP_API_DRAIN_MS: "60000",
  });

  assert.deepEqual(result, {
    configuration: {
      ...defaults,
      speedLimitKmh: 80,
      token: "let-me-in",
      startDelayMs: 600_000,
      drainMs: 60_000,
    },
  });
});

for (const [name, value, message] of [
  ["TRIP_API_SPEED_LIMIT_KMH", "", "must be a whole number"],
  ["TRIP_API_SPEED_LIMIT_KMH", "99.5", "must be a whole number"],
  ["TRIP_API_SPEED_LIMIT_KMH", "0", "must be at least 1"],
  ["TRIP_API_SPEED_LIMIT_KMH", "301", "must be at most 300"],
  ["TRIP_API_START_DELAY_MS", "5s", "must be a whole number"],
  ["TRIP_API_START_DELAY_MS", "600001", "must be at most 600000"],
  ["TRIP_API_DRAIN_MS", "-1", "must be a whole number"],
  ["TRIP_API_DRAIN_MS", "60001", "must be at most 60000"],
] as const) {
  test(`refuses ${name}=${value}`, () => {
    assert.deepEqual(readConfiguration({ [name]: value }), {
      problems: [`${name} is "${value}": ${message}`],
    });
  });
}

test("refuses an empty token, and gives no token away", () => {
  const empty = readConfiguration({ TRIP_API_TOKEN: "" });
  const elsewhere = readConfiguration({ PORT: "http", TRIP_API_TOKEN: "let-me-in" });

  assert.deepEqual(empty, { problems: ["TRIP_API_TOKEN: must not be empty"] });
  assert.deepEqual(elsewhere, { problems: ['PORT is "http": must be a whole number'] });
});
