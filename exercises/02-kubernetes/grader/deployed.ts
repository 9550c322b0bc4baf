// What every check stands on: trip-api as the submission runs it, in a namespace of its own.
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { CheckFailure } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { sharedRun } from "@onramp/grading/shared-run";
import {
  type ClusterAnswer,
  describeAnswer,
  type Load,
} from "@onramp/testbed/kubernetes/cluster-client";
import type { Namespace, NamespaceOptions } from "@onramp/testbed/kubernetes/namespace";
import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import {
  startTripApiCluster,
  type TripApiCluster,
} from "@onramp/testbed/trip-api/trip-api-cluster";
import { type Manifest, objectsOf, sideBySide, withEnvironment } from "./manifests.ts";
import { Workload, workloadOf } from "./workload.ts";

export const check = createCheck({ cluster: startTripApiCluster });

export interface Services {
  readonly cluster: TripApiCluster;
}

/** How long two pods may take until they are ready, in milliseconds: the brief's 60 s. */
export const readyMs = 60_000;
/** The Secret that the platform makes. */
export const tokenSecret = "trip-api-token";

/** What kubectl reads in the submission's files, once a grading. */
export const readObjects = sharedRun(async ({ cluster }: Services, context) =>
  objectsOf(cluster.kubernetes, context),
);

export interface DeployOptions {
  /** A word that no other check uses. */
  readonly purpose: string;
  /** Set in trip-api's containers, besides what the submission sets. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly podSecurity?: NamespaceOptions["podSecurity"];
  /** How long its pods may take until they are ready, in milliseconds; 60,000 unless told. */
  readonly readyMs?: number;
  /** Whether a container that is restarted before that is a failure. */
  readonly noRestart?: boolean;
}

/** trip-api in a namespace, as the submission runs it. */
export class Deployed {
  readonly namespace: Namespace;
  readonly workload: Workload;
  readonly #cluster: TripApiCluster;
  readonly #context: CheckContext;

  constructor(
    parts: { namespace: Namespace; workload: Workload; cluster: TripApiCluster },
    context: CheckContext,
  ) {
    this.namespace = parts.namespace;
    this.workload = parts.workload;
    this.#cluster = parts.cluster;
    this.#context = context;
  }

  /** By the name of its Service, as pods of other namespaces reach it. */
  get origin(): string {
    return `http://trip-api.${this.namespace.name}.svc.cluster.local`;
  }

  /** One request from another pod, by the Service's name. */
  async ask(
    path: string,
    question: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<ClusterAnswer> {
    return this.#cluster.client.ask({ url: `${this.origin}${path}`, ...question });
  }

  /** Waits until the Service answers: the node learns of new pods a moment after they are ready. */
  async untilItAnswers(withinMs = 30_000): Promise<void> {
    await eventually(
      `${this.origin}/healthz answers 200`,
      async () => {
        const seen = describeAnswer(await this.ask("/healthz"));
        return { done: seen === "status 200", seen };
      },
      { withinMs, everyMs: 200, signal: this.#context.signal },
    );
  }

  /** Requests by the Service's name that go on until they are stopped: 60 a second, each with work for 100 ms. */
  async startLoad(): Promise<Load> {
    await this.untilItAnswers();
    return this.#cluster.client.startLoad({
      url: `${this.origin}/reports/daily?delayMs=100`,
      workers: 8,
      everyMs: 20,
      withinMs: 10_000,
    });
  }

  /** Tells one pod to behave badly: `POST /debug/…`. */
  async tell(pod: Pod, what: "hang" | "not-ready" | "ready" | "leak"): Promise<void> {
    const url = `http://${pod.status?.podIP}:${await this.#port()}/debug/${what}`;
    const answer = await this.#cluster.client.ask({ url, method: "POST" });
    const seen = describeAnswer(answer);
    if (seen === "status 202") return;
    throw new CheckFailure(
      `A pod of trip-api did not take \`POST /debug/${what}\` at ${url}: ${seen}.`,
      { expected: "202, since the grader has set TRIP_API_DEBUG=1", actual: seen },
    );
  }

  /** Where the Service leads to. */
  async #port(): Promise<number> {
    const { items } = await this.#cluster.kubernetes.apis.discovery.listNamespacedEndpointSlice({
      namespace: this.namespace.name,
      labelSelector: "kubernetes.io/service-name=trip-api",
    });
    return items.flatMap(({ ports }) => ports ?? []).find(({ port }) => port)?.port ?? 3000;
  }

  /** Waits until every pod is ready and new. */
  async untilReady(when: string, withinMs = readyMs, noRestart = false): Promise<void> {
    const { signal } = this.#context;
    await this.workload.untilReady(when, { withinMs, noRestart, signal });
  }

  /** Runs `kubectl` in the namespace, on what has to work: one that fails is a bug of the grader's. */
  async kubectl(...args: string[]): Promise<string> {
    const { exitCode, output } = await this.namespace.kubectl(args);
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(" ")}: ${output}`);
    return output;
  }
}

/** Makes a namespace with the platform's Secret, and applies objects in it. */
async function applyObjects(
  { cluster }: Services,
  context: CheckContext,
  { purpose, variables = {}, podSecurity = "baseline" }: DeployOptions,
): Promise<{ namespace: Namespace; objects: readonly Manifest[] }> {
  const objects = await readObjects({ cluster }, context);
  const name = namespaceName(context, purpose);
  const namespace = await cluster.kubernetes.createNamespace({ name, podSecurity });
  const token = tokenOf(context, "first");
  await namespace.createSecret(tokenSecret, { token });
  const items = sideBySide(withEnvironment(objects, variables));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { exitCode, output } = await namespace.apply(new Map([["objects.json", list]]));
  if (exitCode === 0) return { namespace, objects };
  throw new CheckFailure(`The manifests were accepted before, and now they are not: ${output}`, {
    expected: "the same answer for the same objects",
    actual: output,
  });
}

/** A name that no other grading has in the same cluster. */
export function namespaceName({ job }: CheckContext, purpose: string): string {
  return `fleet-${purpose}-${job.gradingId.slice(0, 6)}`;
}

/** The token that the platform puts into the Secret, and the one that takes its place. */
export function tokenOf({ seed }: CheckContext, which: "first" | "second"): string {
  return seed.hex(`${which} token`, 32);
}

/**
 * Runs trip-api in a namespace of its own, waits until it is ready, and looks at it. When it is not as it has to be,
 * what the cluster tells of it is kept.
 */
export async function onDeployed<Result>(
  services: Services,
  context: CheckContext,
  options: DeployOptions,
  look: (deployed: Deployed) => Promise<Result>,
): Promise<Result> {
  const { namespace, objects } = await applyObjects(services, context, options);
  const { cluster } = services;
  await using resources = new AsyncDisposableStack();
  resources.use(namespace);
  return await withEvidence(namespace, context, async () => {
    const workload = new Workload(workloadOf(objects), namespace, cluster.kubernetes.apis);
    const deployed = new Deployed({ namespace, workload, cluster }, context);
    await deployed.untilReady(
      "after the manifests were applied",
      options.readyMs,
      options.noRestart,
    );
    return look(deployed);
  });
}

/** Looks at a namespace, and keeps what the cluster tells of it when it is not as it has to be. */
export async function withEvidence<Result>(
  namespace: Namespace,
  context: CheckContext,
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CheckFailure) await namespace.keepEvidence(context.evidence);
    throw error;
  }
}
