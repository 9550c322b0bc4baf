// What kubectl reads in manifests, before the server has filled anything in.
import type { Cluster } from "./cluster.ts";

/** An object as a manifest has it: the server has filled nothing in. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly replicas?: number; readonly template?: PodTemplate };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly initContainers?: readonly Container[];
    readonly containers?: readonly Container[];
  };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  env?: readonly EnvironmentVariable[];
  resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
}

/**
 * All objects of some files, in the order in which kubectl applies them.
 * @param files by their paths; the server has to have taken them before
 */
export async function parseManifests(
  cluster: Cluster,
  name: string,
  files: ReadonlyMap<string, string>,
): Promise<Manifest[]> {
  const directory = await cluster.copyIn(name, files);
  const { exitCode, output, stdout } = await cluster.kubectl([
    "create",
    "--dry-run=client",
    "--output=json",
    "--recursive",
    `--filename=${directory}`,
  ]);
  if (exitCode !== 0)
    throw new Error(`kubectl took the manifests, and cannot read them: ${output}`);
  // One after the other, each from a line `{` to a line `}`.
  const texts = stdout.split(/(?<=^\})\n(?=\{$)/m);
  const objects = texts.map((text) => JSON.parse(text) as Manifest);
  // kubectl writes the namespace that it would use into each of them.
  for (const { metadata } of objects) delete metadata.namespace;
  return objects;
}

/** Every container of a template, those that run before the others first. */
export function containersIn(template: PodTemplate | undefined): readonly Container[] {
  return [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
}
