import { expect, test } from "vitest";
import { needsBuildx } from "./docker-cli.ts";

test.each([
  ["20.10.24+dfsg1", false],
  ["23.0.0", true],
  ["28.2.2", true],
])("client %s needs buildx: %s", (version, expected) => {
  expect(needsBuildx(version)).toBe(expected);
});
