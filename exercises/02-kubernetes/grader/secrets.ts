import { containersIn, type Manifest, podTemplateOf } from "@onramp/testbed/kubernetes/manifest";

const secretName = /token|secret|password/i;

/** Where the objects hold what is secret, a phrase each. */
export function secretsIn(objects: readonly Manifest[]): string[] {
  return objects.flatMap((object) => {
    const name = `${object.kind} ${object.metadata.name}`;
    const found: string[] = [];
    // One without values is a place for the platform to fill.
    const values = { ...object.data, ...object.stringData, ...object.binaryData };
    if (object.kind === "Secret" && Object.keys(values).length > 0)
      found.push(`${name} has values for ${Object.keys(values).join(", ")}`);
    if (object.kind === "ConfigMap")
      found.push(
        ...Object.keys(values)
          .filter((key) => secretName.test(key))
          .map((key) => `${name} has a value for ${key}`),
      );
    for (const container of containersIn(podTemplateOf(object))) {
      found.push(
        ...(container.env ?? [])
          .filter((variable) => secretName.test(variable.name) && variable.value)
          .map((variable) => `container ${container.name} of ${name} sets ${variable.name} itself`),
      );
    }
    return found;
  });
}
