import { fail } from "@onramp/grading/check-failure";
import { shifted } from "@onramp/testbed/driving-score/days";
import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import type { FirstRun } from "./first-run.ts";

const appLabel = "app.kubernetes.io/name";
const appName = "score-job";
const dayLabel = "score-date";

/** Demands that each try of a run made one pod, with the image, the interval and the labels of the brief. */
export function demandPod({ day, tries, pods }: FirstRun, image: string): void {
  const pod = pods.at(-1);
  if (pod === undefined || pods.length > tries) {
    const made = pods.length === 0 ? "no pod" : `${pods.length} pods`;
    fail(`The run of ${day} made ${made}${tries > 1 ? `, in ${tries} tries` : ""}.`, {
      expected: "one pod for a try",
      actual: pods.map(({ metadata }) => metadata?.name).join(", ") || "none",
    });
  }
  const name = pod.metadata?.name ?? "the pod";
  const ofImage = (pod.spec?.containers ?? []).filter((each) => each.image === image);
  // Others of the same image may stand beside it.
  const container =
    ofImage.find(({ env = [] }) => env.some((each) => each.name === "INTERVAL_START")) ??
    ofImage[0];
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
    const isInstant = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/i.test(value ?? "");
    if (isInstant && Date.parse(value ?? "") === Date.parse(`${of}T00:00:00Z`)) continue;
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

/** What has requests and limits: the pod as a whole where it has both, and else each of its containers. */
export function limitedParts({ metadata, spec }: Pod): Limited[] {
  const { requests, limits } = spec?.resources ?? {};
  if (requests !== undefined && limits !== undefined)
    return [{ name: `The pod ${metadata?.name}`, resources: { requests, limits } }];
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
    ({ name, resources }) => ({ name: `The container ${name}`, resources }),
  );
}

interface Limited {
  /** As a sentence begins. */
  readonly name: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}
