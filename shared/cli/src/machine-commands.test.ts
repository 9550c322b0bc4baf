import { describe, expect, test } from "vitest";
import { onramp, temporaryDirectory } from "./fixtures.ts";

/** A machine on which no engine answers, and none may be started. */
const noEngine = { DOCKER_HOST: "unix:///nonexistent/docker.sock", ONRAMP_ENGINE: "never" };

describe("without an engine", () => {
  test.each([
    [["engine"], "ENGINE_UNAVAILABLE"],
    [["engine", "status"], "ENGINE_UNAVAILABLE"],
    [["engine", "start"], "ENGINE_UNAVAILABLE"],
    [["images"], "ENGINE_UNAVAILABLE"],
    [["images", "save", "images.tar"], "ENGINE_UNAVAILABLE"],
    [["clean"], "ENGINE_UNAVAILABLE"],
    [["up", "kafka"], "ENGINE_UNAVAILABLE"],
    [["down"], "ENGINE_UNAVAILABLE"],
  ])("onramp %j ends with 3 and says what to run", async (args, code) => {
    const directory = await temporaryDirectory();
    const { exitCode, stderr, stdout } = await onramp(directory, args, { env: noEngine });
    expect(stderr).toContain(code);
    expect(stderr).toContain("npx onramp doctor");
    expect(exitCode).toBe(3);
    expect(stdout).toBe("");
  });

  test("onramp doctor says so, looks at the rest, and ends with 3", async () => {
    const { exitCode, stdout } = await onramp(await temporaryDirectory(), ["doctor"], {
      env: noEngine,
    });
    expect(stdout).toMatch(/^✗ Engine {4}/m);
    expect(stdout).toMatch(/^! Images {4}not looked at: no engine answers$/m);
    expect(stdout).toMatch(/^✓ Node {6}v24/m);
    expect(stdout).toMatch(/^[✓!] Registry/m);
    expect(stdout).toContain("Grading is not possible here yet.");
    expect(exitCode).toBe(3);
  });
});

test.each([
  [["images", "build", "nodde"], 'no image "nodde"'],
  [["images", "build"], "missing required argument"],
  [["images", "prefetch", "01-dokker"], "Did you mean `01-docker`?"],
  [["up", "kafak"], "Did you mean `kafka`?"],
  [["down", "postgress"], "Did you mean `postgres`?"],
  [["engine", "strat"], "strat"],
])("onramp %j is wrong usage", async (args, said) => {
  const { exitCode, stderr } = await onramp(await temporaryDirectory(), args, { env: noEngine });
  expect(stderr.toLowerCase()).toContain(said.toLowerCase());
  expect(exitCode).toBe(2);
});
