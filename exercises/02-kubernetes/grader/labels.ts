import { containersIn, type Manifest, podTemplateOf } from "@onramp/testbed/kubernetes/manifest";

const prefix = "app.kubernetes.io/";

interface Labelled {
  /** "Service trip-api", "the pod template of Deployment trip-api". */
  readonly what: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it may have another name: with that of trip-api a Service would find pods that do not serve. */
  readonly isForJobs: boolean;
}

/** What is wrong with the labels of the objects and of their pods, a sentence each. */
export function labelFaults(objects: readonly Manifest[]): string[] {
  const version = objects
    .flatMap((object) => containersIn(podTemplateOf(object)))
    .map(({ image }) => /\/trip-api:([^@]+)/.exec(image ?? "")?.[1])
    .find((tag) => tag !== undefined);
  const wanted = { name: "trip-api", version, "part-of": "fleet" };
  return objects.flatMap(labelledIn).flatMap(({ what, labels, isForJobs }) =>
    Object.entries(wanted).flatMap(([name, value]) => {
      const key = `${prefix}${name}`;
      const seen = labels[key];
      const isRight = name === "name" && isForJobs ? Boolean(seen) : seen === value;
      if (value === undefined || isRight) return [];
      const right = name === "name" && isForJobs ? "a name" : `“${value}”`;
      return `${what} has ${key} ${JSON.stringify(seen) ?? "not at all"}, where ${right} is to stand`;
    }),
  );
}

/** An object, and the pods that it makes. */
function labelledIn(object: Manifest): Labelled[] {
  const { kind, metadata } = object;
  const what = `${kind} ${metadata.name}`;
  const own = { what, labels: metadata.labels ?? {}, isForJobs: false };
  const template = podTemplateOf(object);
  if (template === undefined || kind === "Pod") return [own];
  const isForJobs = kind === "Job" || kind === "CronJob";
  return [
    own,
    { what: `the pod template of ${what}`, labels: template.metadata?.labels ?? {}, isForJobs },
  ];
}
