import { expect, test } from "vitest";
import { installSteps } from "./install-steps.ts";

const isInstall = (name: string, dockerfile = ""): boolean => {
  const step = { name, isCached: false, isDone: true, error: undefined, output: "" };
  return installSteps([step], dockerfile).length > 0;
};

test.each([
  "[2/5] RUN npm ci",
  "[build 2/5] RUN npm ci --omit=dev",
  "[2/5] RUN npm i",
  "[2/5] RUN npm install --production",
  "[2/5] RUN --mount=type=cache,target=/root/.npm npm ci",
  "[2/5] RUN npm run build && npm ci --omit=dev",
  "[2/5] RUN corepack enable && pnpm install --frozen-lockfile",
  "[2/5] RUN npm --loglevel=error clean-install",
  '[2/5] RUN ["npm", "ci"]',
  "[2/5] RUN npm 'ci'",
  "[2/5] RUN npm ci --cache cache",
  "[2/5] RUN set -e; npm ci && npm cache clean --force",
  "[2/5] RUN if true; then npm ci; fi",
])("%s installs", (name) => {
  expect(isInstall(name)).toBe(true);
});

test.each([
  "[2/5] RUN npm run build",
  "[2/5] RUN npm prune --omit=dev",
  "[2/5] RUN npm cache clean --force",
  "[2/5] RUN apt-get install -y tini",
  "[2/5] RUN --mount=type=cache,target=/root/.npm install -d /app",
  "[2/5] RUN echo npm will install later",
  "[2/5] RUN npm ls fastify ci",
  "[2/5] RUN npm install --global npm@11",
  "[2/5] COPY npm ci",
  "[internal] load metadata for docker.io/library/npm",
])("%s does not", (name) => {
  expect(isInstall(name)).toBe(false);
});

test("an install further down in a heredoc is found by the Dockerfile's text", () => {
  const dockerfile = `FROM node:24-slim
RUN <<EOF
set -eu
npm ci
npm cache clean --force
EOF
RUN <<'END'
echo ready
END
`;
  expect(isInstall("[2/3] RUN <<EOF (set -eu...)", dockerfile)).toBe(true);
  expect(isInstall("[3/3] RUN <<'END' (echo ready)", dockerfile)).toBe(false);
});

test("heredocs that begin alike are told apart by what npm printed", () => {
  const dockerfile = "RUN <<EOF\nset -e\nnpm ci\nEOF\nRUN <<EOF\nset -e\nnpm run build\nEOF\n";
  const step = {
    name: "[2/3] RUN <<EOF (set -e...)",
    isCached: false,
    isDone: true,
    error: undefined,
  };
  expect(installSteps([{ ...step, output: "added 62 packages in 2s\n" }], dockerfile)).toHaveLength(
    1,
  );
  expect(installSteps([{ ...step, output: "> tsc\n" }], dockerfile)).toHaveLength(0);
});

test("an install by package.json is told from one by the lock", () => {
  const step = { isCached: true, isDone: true, error: undefined, output: "" };
  const names = ["[1/2] RUN npm ci || npm install", "[2/2] RUN npm ci && npm cache clean --force"];
  const found = installSteps(
    names.map((name) => ({ ...step, name })),
    "",
  );
  expect(found.map(({ install }) => install)).toEqual(["by package.json", "by the lock"]);
});
