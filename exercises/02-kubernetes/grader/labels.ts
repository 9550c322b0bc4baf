import { containersIn, type Manifest } from "@onramp/testbed/kubernetes/manifest";

const prefix = "app.kubernetes.io/";

/** What is wrong with the labels of the objects and of their pods, a sentence each. */
export function labelFaults(objects: readonly Manifest[]): string[] {
  const version = objects
    .flatMap(({ spec }) => containersIn(spec?.template))
    .map(({ image }) => /\/trip-api:([^@]+)/.exec(image ?? "")?.[1])
    .find((tag) => tag !== undefined);
  const wanted = { name: "trip-api", version, "part-of": "fleet" };
  return objects.flatMap(({ kind, metadata, spec }) => {
    const labelled = [{ what: `${kind} ${metadata.name}`, labels: metadata.labels ?? {} }];
    if (spec?.template !== undefined)
      labelled.push({
        what: `the pods of ${kind} ${metadata.name}`,
        labels: spec.template.metadata?.labels ?? {},
      });
    return labelled.flatMap(({ what, labels }) =>
      Object.entries(wanted)
        .filter(([name, value]) => value !== undefined && labels[`${prefix}${name}`] !== value)
        .map(
          ([name, value]) =>
            `${what} has ${prefix}${name} ${JSON.stringify(labels[`${prefix}${name}`]) ?? "not at all"}, where “${value}” is to stand`,
        ),
    );
  });
}
