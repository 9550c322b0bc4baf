import type { Engine } from "@onramp/engine/engine";
import { expect, test } from "vitest";
import { parseBuildLog } from "./build-log.ts";
import { wantsNewerFrontEnd, withFrontEnd } from "./front-end.ts";

function wants(log: string, version: string): boolean {
  const engine: Pick<Engine, "version"> = { version };
  return wantsNewerFrontEnd(parseBuildLog(log), log, engine as Engine);
}

const unfetched = `#2 resolve image config for docker.io/docker/dockerfile:1
#2 ERROR: failed to do request: no such host`;
const heredoc =
  "failed to create LLB definition: dockerfile parse error line 4: unknown instruction: SET";
const link = "failed to solve: Unknown flag: link";

test.each([
  ["a `# syntax=` line whose front end cannot be fetched", unfetched, "20.10.24+dfsg1", true],
  ["the same on a new engine", unfetched, "28.2.2", true],
  ["a heredoc on an old engine", heredoc, "20.10.24+dfsg1", true],
  ["COPY --link on an old engine", link, "20.10.24+dfsg1", true],
  ["a wrong instruction on a new engine", heredoc, "28.2.2", false],
  ["a command that fails on an old engine", "exit code: 1", "20.10.24+dfsg1", false],
])("%s", (_, log, version, expected) => {
  expect(wants(log, version)).toBe(expected);
});

test("the line that names our front end stands first, or in the place of the Dockerfile's own", () => {
  const ours = "# syntax=docker/dockerfile:1";
  expect(withFrontEnd("FROM a\n")).toBe(`${ours}\nFROM a\n`);
  expect(withFrontEnd("# syntax=docker/dockerfile:1.7\nFROM a\n")).toBe(`${ours}\nFROM a\n`);
  expect(withFrontEnd("# escape=`\n# syntax=x/y:1\nFROM a\n")).toBe(
    `# escape=\`\n${ours}\nFROM a\n`,
  );
  // Below a comment it is no directive.
  const below = "# The image of trip-api.\n# syntax=docker/dockerfile:1\nFROM a\n";
  expect(withFrontEnd(below)).toBe(`${ours}\n${below}`);
});
