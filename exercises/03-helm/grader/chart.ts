// The submission's chart, and what Helm makes of it without a cluster.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { type HelmService, startHelm } from "@onramp/testbed/helm/helm-service";
import type { CommandResult } from "@onramp/testbed/docker/tool-container";

export const check = createCheck({ helm: startHelm });

export interface Services {
  readonly helm: HelmService;
}

/** What a release is called where there is one. */
export const releaseName = "north";

/** Values as `--values` takes them. */
export type Values = Readonly<Record<string, unknown>>;

/** Where Helm finds the chart: it is copied once a grading. */
export const chartDirectory = sharedRun(async ({ helm }: Services, { job }) => {
  const directory = join(job.projectDirectory, "chart");
  const entries = existsSync(directory)
    ? await readdir(directory, { recursive: true, withFileTypes: true })
    : [];
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  if (!paths.includes("Chart.yaml")) {
    fail("There is no chart: `chart/Chart.yaml` is missing.", {
      expected: "chart/Chart.yaml, chart/values.yaml and templates in chart/templates",
      actual: paths.length === 0 ? "no file in chart/" : paths.join(", "),
    });
  }
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(directory, path), "utf8")] as const),
  );
  return helm.copyIn("chart", new Map(files));
});

/** Renders the chart, with values besides its own. */
export async function render(
  { helm }: Services,
  chart: string,
  { values = {}, files = [] }: { readonly values?: Values; readonly files?: readonly string[] },
): Promise<CommandResult> {
  return helm.run([
    "template",
    releaseName,
    chart,
    ...files.map((file) => `--values=${chart}/${file}`),
    ...Object.entries(values).map(([key, value]) => `--set-json=${key}=${JSON.stringify(value)}`),
  ]);
}

/** What Helm said of what went wrong; one that is told of fifty faults reads none. */
export function firstLines(output: string): string {
  const lines = output.trim().split("\n");
  const more = lines.length > 8 ? [`… and ${lines.length - 8} lines more`] : [];
  return [...lines.slice(0, 8), ...more].join("\n");
}
