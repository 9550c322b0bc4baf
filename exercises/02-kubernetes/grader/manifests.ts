// The submission's files, and what kubectl reads in them.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { KubernetesService } from "@onramp/testbed/kubernetes/kubernetes-service";

/** An object as a manifest has it: the server has filled nothing in. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly template?: PodTemplate };
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

/** The manifests by their paths below `manifests/`. */
export async function readManifests(projectDirectory: string): Promise<Map<string, string>> {
  const directory = join(projectDirectory, "manifests");
  const names = existsSync(directory) ? await readdir(directory, { recursive: true }) : [];
  const files = names.filter((name) => name.endsWith(".yaml")).toSorted();
  if (files.length === 0) {
    fail("There is no file `*.yaml` below `manifests/`.", {
      expected: "the objects of trip-api, in one file or in several",
      actual: "no file",
    });
  }
  return new Map(
    await Promise.all(
      files.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const),
    ),
  );
}

/** All objects of the files, in the order in which kubectl applies them. */
export async function objectsOf(
  kubernetes: KubernetesService,
  context: CheckContext,
): Promise<Manifest[]> {
  const files = await readManifests(context.job.projectDirectory);
  const directory = await kubernetes.copyIn("to-read", files);
  const { exitCode, output, stdout } = await kubernetes.kubectl([
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
export function containersOf(template: PodTemplate | undefined): readonly Container[] {
  return [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
}

/** A copy of the objects, with variables set in the containers of every pod. */
export function withEnvironment(
  objects: readonly Manifest[],
  variables: Readonly<Record<string, string>>,
): Manifest[] {
  const copies = structuredClone(objects) as Manifest[];
  for (const { spec } of copies) {
    for (const container of containersOf(spec?.template)) {
      const others = (container.env ?? []).filter(({ name }) => !(name in variables));
      const added = Object.entries(variables).map(([name, value]) => ({ name, value }));
      container.env = [...others, ...added];
    }
  }
  return copies;
}

/**
 * A copy of the objects whose pods ask for little, where they ask for anything: many of them run on one node here, and
 * on the nodes of a team they would be spread.
 */
export function sideBySide(objects: readonly Manifest[]): Manifest[] {
  const copies = structuredClone(objects) as Manifest[];
  for (const { spec } of copies) {
    for (const container of containersOf(spec?.template)) {
      const { resources } = container;
      if (resources?.requests === undefined && resources?.limits === undefined) continue;
      container.resources = { ...resources, requests: { cpu: "10m", memory: "16Mi" } };
    }
  }
  return copies;
}
