import { describe, expect, test } from "vitest";
import { exitCodeOf, imagesNamed, parseBuildLog, shortReference } from "./build-log.ts";

// As the builder of Docker 20.10 prints it: a digest under each name, the cause behind "executor failed running".
const old = `#1 [internal] load build definition from Dockerfile
#1 sha256:6c06e4842b2baea97d67793f0ff9adb06c8125bf087dd6b13d60eaebd59f1840
#1 transferring dockerfile: 67B done
#1 DONE 0.0s

#3 [internal] load metadata for docker.io/library/node:24-bookworm-slim
#3 sha256:271374c6eb72cbb31f915cb619866b6946451f850e5a5449e04a847dc820c37b
#3 DONE 0.0s

#4 [build 1/3] FROM docker.io/library/node:24-bookworm-slim
#4 CACHED

#5 [build 2/3] COPY package.json ./
#5 DONE 0.1s

#6 [build 3/3] RUN npm ci
#6 0.512 npm error code EUSAGE
#6 0.514 #4 CACHED
#6 ERROR: executor failed running [/bin/sh -c npm ci]: exit code: 1
------
 > [build 3/3] RUN npm ci:
------
executor failed running [/bin/sh -c npm ci]: exit code: 1`;

// As buildx prints it.
const recent = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 67B done
#1 DONE 0.0s

#2 [internal] load metadata for docker.io/library/node:24-bookworm-slim
#2 DONE 0.6s

#4 [build 1/3] FROM docker.io/library/node:24-bookworm-slim@sha256:aaaa
#4 DONE 0.0s

#4 [build 1/3] FROM docker.io/library/node:24-bookworm-slim@sha256:aaaa
#4 CACHED

#5 [build 3/3] RUN npm ci
#5 1.204 npm error code EUSAGE
#5 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
------
Dockerfile:3
--------------------
   3 | >>> RUN npm ci
--------------------
ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`;

describe.each([
  ["of Docker 20.10", old],
  ["of buildx", recent],
])("a log %s", (_, log) => {
  const steps = parseBuildLog(log);

  test("has its failed step, with exit code and output", () => {
    const failed = steps.find(({ error }) => error !== undefined);
    expect(failed).toMatchObject({ name: "[build 3/3] RUN npm ci", isCached: false, isDone: true });
    expect(failed?.output).toMatch(/^npm error code EUSAGE\n/);
    expect(exitCodeOf(failed)).toBe(1);
  });

  test("has the steps that came from the cache", () => {
    expect(steps.filter(({ isCached }) => isCached).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^\[build 1\/3\] FROM /),
    ]);
  });

  test("names the images", () => {
    expect(imagesNamed(steps)).toEqual([{ ref: "node:24-bookworm-slim", error: undefined }]);
  });
});

test("a step without an end is not done", () => {
  expect(parseBuildLog("#1 [2/2] RUN sleep 9\n#1 0.1 zzz")[0]).toMatchObject({ isDone: false });
});

test("an image that could not be looked up has its error", () => {
  const log = `#3 [internal] load metadata for docker.io/library/alpine:3.20
#3 ERROR: failed to do request: no such host`;
  expect(imagesNamed(parseBuildLog(log))).toEqual([
    { ref: "alpine:3.20", error: "failed to do request: no such host" },
  ]);
});

test.each([
  ["docker.io/library/node:24", "node:24"],
  ["docker.io/apache/kafka:4.1.1", "apache/kafka:4.1.1"],
  ["registry.example/library/node:24", "registry.example/library/node:24"],
])("%s is %s for people", (long, short) => {
  expect(shortReference(long)).toBe(short);
});

test.each([
  ['failed to compute cache key: "/dist" not found: not found', undefined],
  ["executor failed running [/bin/sh -c exit 3]: exit code: 3", 3],
  ["executor failed running [/bin/sh -c echo exit code: 4; false]: exit code: 1", 1],
  ["executor failed running [/bin/sh -c npm ci]: failed to create shim", undefined],
])("%s has exit code %s", (error, code) => {
  const [step] = parseBuildLog(`#1 [2/2] RUN x\n#1 ERROR: ${error}`);
  expect(exitCodeOf(step)).toBe(code);
});

test.each([
  "executor failed running [/bin/sh -c npm ci]: exit code: 1",
  'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
])(
  "a step that failed in another build at the same time is known by the client's last line",
  (last) => {
    const log = `#8 [production 4/4] RUN npm ci --omit=dev\n#8 ...\n#11 [dependencies 4/4] RUN npm ci\n#11 0.5 npm error\n${last}\n`;
    const [, failed] = parseBuildLog(log);
    expect(failed?.name).toBe("[dependencies 4/4] RUN npm ci");
    expect(exitCodeOf(failed)).toBe(1);
  },
);

test("a heredoc's command and its error have several lines", () => {
  const log = `#9 [stage-1 2/2] RUN <<EOF (npm ci...)
#9 1.3 npm error code EUSAGE
#9 ERROR: executor failed running [/bin/sh -c npm ci
npm run build
]: exit code: 1
------
 > [stage-1 2/2] RUN <<EOF (npm ci...):
------
executor failed running [/bin/sh -c npm ci
npm run build
]: exit code: 1
`;
  expect(exitCodeOf(parseBuildLog(log)[0])).toBe(1);
  const shared = log.replace(/^#9 ERROR[^#-]*/m, "");
  expect(exitCodeOf(parseBuildLog(shared)[0])).toBe(1);
});

test("a command's text that looks like steps, repeated in an error, is no step", () => {
  const log = `#5 [2/2] RUN ["sh", "-c", "false"]
#5 ERROR: executor failed running [sh -c false
#98 [internal] load metadata for docker.io/library/evil:1
#98 ERROR: dial tcp: lookup registry: no such host
exit 1]: exit code: 1
------
`;
  const steps = parseBuildLog(log);
  expect(steps).toHaveLength(1);
  expect(imagesNamed(steps)).toEqual([]);
});

test("images of COPY --from are known by their FROM step where an older builder looks up no metadata", () => {
  const log = `#3 [internal] load metadata for docker.io/library/node:24-bookworm-slim
#3 DONE 0.0s
#4 [build 1/2] FROM docker.io/library/node:24-bookworm-slim@sha256:${"a".repeat(64)}
#4 DONE 0.0s
#5 FROM docker.io/library/node:latest
#5 DONE 0.0s
`;
  expect(imagesNamed(parseBuildLog(log)).map(({ ref }) => ref)).toEqual([
    "node:24-bookworm-slim",
    "node:latest",
  ]);
});
