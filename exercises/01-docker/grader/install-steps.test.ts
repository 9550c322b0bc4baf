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
])("%s installs", (name) => {
  expect(isInstall(name)).toBe(true);
});

test.each([
  "[2/5] RUN npm run build",
  "[2/5] RUN npm prune --omit=dev",
  "[2/5] RUN npm cache clean --force",
  "[2/5] RUN apt-get install -y tini",
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
EOF
RUN <<'END'
echo ready
END
`;
  expect(isInstall("[2/3] RUN <<EOF (set -eu...)", dockerfile)).toBe(true);
  expect(isInstall("[3/3] RUN <<'END' (echo ready)", dockerfile)).toBe(false);
});
