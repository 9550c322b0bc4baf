// What kubectl reads in manifests, before the server has filled anything in.
import { fail } from "@onramp/grading/check-failure";
import type { Files } from "../docker/tool-container.ts";
import type { Cluster } from "./cluster.ts";
import { firstRefusals } from "./what-was-said.ts";

/** An object as a manifest has it: the server has filled nothing in. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** With the containers of a Pod. */
  readonly spec?: PodTemplate["spec"] & {
    readonly replicas?: number;
    readonly template?: PodTemplate;
    /** A CronJob's. */
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
    /** A Service's. */
    readonly ports?: readonly { nodePort?: number }[];
    healthCheckNodePort?: number;
    clusterIP?: string;
    clusterIPs?: readonly string[];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
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
    readonly requests?: Readonly<Record<string, Quantity>>;
    readonly limits?: Readonly<Record<string, Quantity>>;
  };
}

/** As the file has it: `"512Mi"`, `0.5`. */
export type Quantity = string | number;

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
}

/**
 * All objects of some files, in the order in which kubectl applies them.
 * @throws {CheckFailure} when kubectl cannot read them
 */
export async function parseManifests(
  cluster: Cluster,
  name: string,
  files: Files,
): Promise<Manifest[]> {
  const directory = await cluster.copyIn(name, files);
  const { exitCode, output, stdout } = await cluster.kubectl([
    "create",
    "--dry-run=client",
    // What the server makes of their fields is asked elsewhere.
    "--validate=false",
    "--output=json",
    "--recursive",
    `--filename=${directory}`,
  ]);
  if (exitCode !== 0) {
    const said = firstRefusals(output);
    fail(`kubectl cannot read the objects:\n${said}`, {
      expected: "objects that kubectl can read",
      actual: said,
    });
  }
  // One after the other, each from a line `{` to a line `}`.
  const texts = stdout.split(/(?<=^\})\n(?=\{$)/m);
  const objects = texts.map((text) => JSON.parse(text) as Manifest);
  // kubectl writes the namespace that it would use into each of them.
  for (const { metadata } of objects) delete metadata.namespace;
  return objects;
}

/** What an object makes pods from, or the Pod that it is; undefined where it makes none. */
export function podTemplateOf({ kind, metadata, spec }: Manifest): PodTemplate | undefined {
  if (kind === "Pod") return { metadata, spec };
  return spec?.template ?? spec?.jobTemplate?.spec?.template;
}

/** Every container of a template, those that run before the others first. */
export function containersIn(template: PodTemplate | undefined): readonly Container[] {
  return [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
}
