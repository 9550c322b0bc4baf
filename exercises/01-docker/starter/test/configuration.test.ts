import assert from "node:assert/strict";
import { test } from "node:test";

import { readConfiguration } from "../src/configuration.ts";

test("listens on 3000 without debug routes by default", () => {
  assert.deepEqual(readConfiguration({}), { configuration: { port: 3000, isDebug: false } });
});

test("takes the port and the debug switch from the environment", () => {
  const result = readConfiguration({ PORT: "8080", TRIP_API_DEBUG: "1" });

  assert.deepEqual(result, { configuration: { port: 8080, isDebug: true } });
});

test("has no debug routes for any other value of the switch", () => {
  assert.deepEqual(readConfiguration({ TRIP_API_DEBUG: "true" }), {
    configuration: { port: 3000, isDebug: false },
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
