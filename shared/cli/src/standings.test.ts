import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { onramp, reportWith, temporaryDirectory } from "./fixtures.ts";
import { recordGrading, recordSubmission } from "./progress.ts";

const id = "01-docker";

describe("onramp status", () => {
  test("shows every exercise before anything was done", async () => {
    const { stdout, exitCode } = await onramp(await temporaryDirectory(), ["status"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^EXERCISE +TITLE +STATE +BEST +LAST +HINTS$/m);
    expect(stdout).toMatch(/^01-docker +Pack trip-api into an image +not started +- +- +0\/\d+$/m);
    expect(stdout).toContain("Next: npx onramp start 01-docker");
  });

  test("--json is data alone", async () => {
    const work = await temporaryDirectory();
    await mkdir(`${work}/${id}`);
    await recordGrading(reportWith({ a: "passed", b: "failed" }), "whole", work);
    const { stdout } = await onramp(work, ["status", "--json"]);
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({ schema: "onramp/status@1", next: "npx onramp grade 01-docker" });
    expect(status.exercises[0]).toMatchObject({
      id,
      state: "graded",
      best: { score: { earned: 1, possible: 2 } },
    });
  });

  test.each([
    ["passed", "npx onramp submit 01-docker"],
    ["not-graded", "npx onramp doctor"],
    ["failed", "npx onramp grade 01-docker"],
  ] as const)("after a grading that ended %s the next command is %s", async (status, next) => {
    const work = await temporaryDirectory();
    await mkdir(`${work}/${id}`);
    await recordGrading(reportWith({ a: status }), "whole", work);
    expect((await onramp(work, ["status"])).stdout).toContain(`Next: ${next}`);
    expect((await onramp(work, [])).stdout).toContain(`→ ${next}`);
  });

  test("a stage that was begun comes before one that was left out", async () => {
    const work = await temporaryDirectory();
    await mkdir(`${work}/04-kafka-produce`);
    expect((await onramp(work, ["status"])).stdout).toContain(
      "Next: npx onramp grade 04-kafka-produce",
    );
    expect((await onramp(work, [])).stdout).toContain("→ npx onramp grade 04-kafka-produce");
  });

  test("a submitted exercise is done", async () => {
    const work = await temporaryDirectory();
    await recordSubmission(id, "abc1234", work);
    expect((await onramp(work, ["status"])).stdout).toMatch(/^01-docker .* submitted/m);
  });
});

describe("onramp reset", () => {
  test("keeps the old work beside and places the starter", async () => {
    const work = await temporaryDirectory();
    await mkdir(`${work}/${id}`);
    await writeFile(`${work}/${id}/Dockerfile`, "FROM mine\n");
    const { stdout, exitCode } = await onramp(work, ["reset", "docker"]);
    expect(exitCode).toBe(0);
    const kept = (await readdir(work)).find((name) =>
      /^01-docker\.before-reset-\d{8}-\d{6}$/.test(name),
    );
    expect(stdout).toContain(`${work}/${kept}`);
    expect(await readFile(`${work}/${kept}/Dockerfile`, "utf8")).toBe("FROM mine\n");
    expect(await readdir(`${work}/${id}`)).not.toContain("Dockerfile");
  });

  test("says so when there is nothing to reset, and when the exercise is unknown", async () => {
    const work = await temporaryDirectory();
    const missing = await onramp(work, ["reset", id]);
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("NOT_STARTED") });
    const unknown = await onramp(work, ["reset", "01-doker"]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain("Did you mean `01-docker`?");
  });
});
