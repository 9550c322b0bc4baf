import {
  type Container,
  containersIn,
  type Manifest,
  podTemplateOf,
  type Quantity,
} from "@onramp/testbed/kubernetes/manifest";

/** The most that a container may take, in bytes: the brief's 512 MiB. */
const mostBytes = 512 * 1024 ** 2;

/** Where the pods of the objects may take what they like, a phrase for each container and resource. */
export function limitFaults(objects: readonly Manifest[]): string[] {
  return objects.flatMap((object) =>
    containersIn(podTemplateOf(object)).flatMap((container) => {
      const who = `container ${container.name} of ${object.kind} ${object.metadata.name}`;
      return faultsOf(container).map((fault) => `${who} ${fault}`);
    }),
  );
}

function faultsOf({ resources }: Container): string[] {
  // A limit alone is a request too, by what the server fills in.
  const requests = { ...resources?.limits, ...resources?.requests };
  const limits = resources?.limits ?? {};
  const missing = Object.entries({ requests, limits }).flatMap(([kind, quantities]) =>
    ["cpu", "memory"]
      .filter((what) => quantities[what] === undefined)
      .map((what) => `has no resources.${kind}.${what}`),
  );
  const { memory } = limits;
  const isTooMuch = memory !== undefined && amountOf(memory) > mostBytes;
  return isTooMuch ? [...missing, `may take ${memory} of memory`] : missing;
}

/** What a quantity means, in bytes or in cores. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function amountOf(quantity: Quantity): number {
  const [, number = "0", unit = ""] =
    /^\+?([\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].indexOf(unit);
  if (binary !== -1) return Number(number) * 1024 ** binary;
  return Number(number) * 1000 ** (["m", "", "k", "M", "G", "T", "P", "E"].indexOf(unit) - 1);
}
