import { fail } from "@onramp/grading/check-failure";
import { shifted } from "@onramp/testbed/driving-score/days";
import type { FirstRun } from "./first-run.ts";

const appLabel = "app.kubernetes.io/name";
const appName = "score-job";
const dayLabel = "score-date";

/** Demands that a run made one pod, with the image, the interval and the labels of the brief. */
export function demandPod({ day, pods }: FirstRun, image: string): void {
  const [pod, ...others] = pods;
  if (pod === undefined || others.length > 0)
    fail(`The run of ${day} made ${pods.length === 0 ? "no pod" : `${pods.length} pods`}.`, {
      expected: "one pod",
      actual: pods.map(({ metadata }) => metadata?.name).join(", ") || "none",
    });
  const name = pod.metadata?.name ?? "the pod";
  const container = pod.spec?.containers.find((each) => each.image === image);
  if (container === undefined) {
    const images = (pod.spec?.containers ?? []).map((each) => each.image).join(", ");
    fail(`No container of ${name} has the image that JOB_IMAGE names.`, {
      expected: image,
      actual: images,
    });
  }
  const interval = { INTERVAL_START: day, INTERVAL_END: shifted(day, 1) };
  for (const [variable, of] of Object.entries(interval)) {
    const value = container.env?.find((each) => each.name === variable)?.value;
    if (Date.parse(value ?? "") === Date.parse(`${of}T00:00:00Z`)) continue;
    fail(
      `The pod of the run of ${day} has ${value ?? "no"} ${value === undefined ? variable : `as ${variable}`}.`,
      {
        expected: `${variable}=${of}T00:00:00+00:00`,
        actual: value === undefined ? `no ${variable}` : `${variable}=${value}`,
      },
    );
  }
  const labels: Readonly<Record<string, string>> = { [appLabel]: appName, [dayLabel]: day };
  for (const [label, value] of Object.entries(labels)) {
    const seen = pod.metadata?.labels?.[label];
    if (seen === value) continue;
    fail(
      `The pod of the run of ${day} has ${seen === undefined ? `no label ${label}` : `the label ${label}=${seen}`}.`,
      {
        expected: `${label}=${value}`,
        actual: JSON.stringify(pod.metadata?.labels ?? {}),
      },
    );
  }
}

/** The lines of a text in which another text stands. */
export function linesWith(text: string, wanted: string): string[] {
  return text.split("\n").filter((line) => line.includes(wanted));
}
