import { type Manifest, podTemplateOf } from "@onramp/testbed/kubernetes/manifest";

const name = "app.kubernetes.io/name";
const instance = "app.kubernetes.io/instance";
/** Whose pods serve: no other pod has to carry trip-api's name. */
const serving: readonly string[] = ["Deployment", "StatefulSet"];

/** What is wrong with the labels of a release's objects and of their pods, a sentence each. */
export function labelFaults(objects: readonly Manifest[], release: string): string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const what = `${kind} ${metadata.name}`;
    // What a test or another hook brings may have another name.
    const isHook = metadata.annotations?.["helm.sh/hook"] !== undefined;
    const own = faultsOf(what, metadata.labels, release, !isHook);
    const template = kind === "Pod" ? undefined : podTemplateOf(object);
    if (template === undefined) return own;
    const isServing = serving.includes(kind);
    return [
      ...own,
      ...faultsOf(`the pod template of ${what}`, template.metadata?.labels, release, isServing),
    ];
  });
}

function faultsOf(
  what: string,
  labels: Readonly<Record<string, string>> | undefined,
  release: string,
  isNamed: boolean,
): string[] {
  const wanted = { [instance]: release, ...(isNamed && { [name]: "trip-api" }) };
  return Object.entries(wanted)
    .filter(([key, value]) => labels?.[key] !== value)
    .map(
      ([key, value]) =>
        `${what} has ${key} ${JSON.stringify(labels?.[key]) ?? "not at all"}, where “${value}” is to stand`,
    );
}
