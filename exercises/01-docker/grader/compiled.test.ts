import { expect, test } from "vitest";
import { unwantedPaths } from "./compiled.ts";

const lock = {
  name: "trip-api",
  packages: {
    "": {},
    "node_modules/fastify": {},
    "node_modules/typescript": { dev: true },
    "node_modules/@types/node": { dev: true },
    // Once needed to run, once for development alone.
    "node_modules/semver": {},
    "node_modules/tsx/node_modules/semver": { dev: true },
  },
};
const unwanted = (...paths: string[]): string[] =>
  unwantedPaths(new Set(paths), lock, ["app.test", "server.test"]);

test("compiled code with its production dependencies is what is wanted", () => {
  expect(
    unwanted(
      "app/dist/server.js",
      "app/dist/server.d.ts",
      "app/dist/server.js.map",
      "app/package.json",
      "app/node_modules/fastify/fastify.js",
      "app/node_modules/semver/index.js",
    ),
  ).toEqual([]);
});

test("a dev dependency is named once, however many files it has", () => {
  expect(
    unwanted(
      "app/node_modules/typescript/lib/tsc.js",
      "app/node_modules/typescript/lib/typescript.js",
      "app/node_modules/@types/node/index.d.ts",
    ),
  ).toEqual([
    "/app/node_modules/@types/node (a dev dependency)",
    "/app/node_modules/typescript (a dev dependency)",
  ]);
});

test("sources and tests are named, compiled or not", () => {
  expect(unwanted("app/src/app.ts", "app/dist/test/app.test.js", "app/test/app.test.ts")).toEqual([
    "/app/dist/test/app.test.js (a test)",
    "/app/src/app.ts (a TypeScript source)",
    "/app/test/app.test.ts (a TypeScript source)",
  ]);
});

test("what packages ship of their own, and npm itself, is not judged", () => {
  expect(
    unwanted(
      "app/node_modules/fastify/types/index.ts",
      "app/node_modules/fastify/test/app.test.js",
      "usr/local/lib/node_modules/npm/node_modules/typescript/x.js",
      "usr/local/lib/node_modules/corepack/src/main.ts",
    ),
  ).toEqual([]);
});
