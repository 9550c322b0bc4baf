import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { onramp, temporaryDirectory } from "./fixtures.ts";

describe.each(Object.keys(commands))("onramp %s --help", (name) => {
  test("says what it does and shows an example", async () => {
    const { exitCode, stdout } = await onramp(await temporaryDirectory(), [name, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: onramp ${name} `));
    expect(stdout).toMatch(new RegExp(`^Examples?:\\n  npx (--no )?onramp ${name}`, "m"));
  });
});

test("onramp answers where you stand, and a stranger's word with the nearest command", async () => {
  const work = await temporaryDirectory();
  const { exitCode, stdout } = await onramp(work, []);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("→ npx onramp start 01-docker");
  const wrong = await onramp(work, ["statis"]);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain("Did you mean `status`?");
});
