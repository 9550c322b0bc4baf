// The submission's chart, and what Helm makes of it without a cluster.
import { join } from "node:path";
import { createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { filesBelow } from "@onramp/testbed/docker/files-below";
import { type HelmService, startHelm } from "@onramp/testbed/helm/helm-service";
import type { CommandResult } from "@onramp/testbed/docker/tool-container";

export const check = createCheck({ helm: startHelm });

export interface Services {
  readonly helm: HelmService;
}

/** What a release is called where there is one. */
export const releaseName = "north";

/** Values by their paths: `{ "image.tag": "1.5.0" }`. */
export type Values = Readonly<Record<string, unknown>>;

/** Where Helm finds the chart: it is copied once a grading. */
export const chartDirectory = sharedRun(async ({ helm }: Services, { job }) => {
  const files = await filesBelow(join(job.projectDirectory, "chart"));
  if (!files.has("Chart.yaml")) {
    fail("There is no chart: `chart/Chart.yaml` is missing.", {
      expected: "chart/Chart.yaml, chart/values.yaml and templates in chart/templates",
      actual: files.size === 0 ? "no file in chart/" : [...files.keys()].join(", "),
    });
  }
  return helm.copyIn("chart", files);
});

/** Values, by their paths, as options of `helm`. */
export function valueArgs(values: Values): string[] {
  return Object.entries(values).map(
    ([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`,
  );
}

/** Renders the chart, with values besides its own. */
export async function render(
  { helm }: Services,
  chart: string,
  {
    values = {},
    files = [],
    namespace = "default",
    release = releaseName,
  }: {
    readonly values?: Values;
    readonly files?: readonly string[];
    readonly namespace?: string;
    readonly release?: string;
  },
): Promise<CommandResult> {
  return helm.run([
    "template",
    release,
    chart,
    // The cluster's: without one, Helm takes the newest that it knows.
    "--kube-version=1.34",
    `--namespace=${namespace}`,
    ...files.map((file) => `--values=${chart}/${file}`),
    ...valueArgs(values),
  ]);
}
