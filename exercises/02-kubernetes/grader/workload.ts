import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { ClusterApis } from "@onramp/testbed/kubernetes/cluster";
import type { Namespace } from "@onramp/testbed/kubernetes/namespace";
import { containersOf, describePod, isReady, type Pod } from "@onramp/testbed/kubernetes/pod-state";
import type { Manifest } from "./manifests.ts";

/** How long a pod may want something that is not there, in milliseconds: the objects come one after the other. */
const stuckMs = 15_000;

const kinds = ["Deployment", "StatefulSet"] as const;

/** What runs trip-api's pods. */
export interface WorkloadName {
  readonly kind: (typeof kinds)[number];
  readonly name: string;
}

/** The one Deployment or StatefulSet among the objects. */
export function workloadOf(objects: readonly Manifest[]): WorkloadName {
  const named = objects.flatMap(({ kind, metadata: { name } }) =>
    kinds.filter((each) => each === kind).map((each) => ({ kind: each, name })),
  );
  // One that stands there twice is the matter of `applies-twice`.
  const found = [...new Map(named.map((each) => [`${each.kind}/${each.name}`, each])).values()];
  const [workload] = found;
  if (workload === undefined || found.length > 1) {
    fail("The manifests have to hold one Deployment or StatefulSet, which runs trip-api.", {
      expected: "one Deployment or one StatefulSet",
      actual:
        found.map(({ kind, name }) => `${kind} ${name}`).join(", ") ||
        `none among ${objects.map(({ kind }) => kind).join(", ")}`,
    });
  }
  return workload;
}

/** A Deployment or StatefulSet in a namespace of a check. */
export class Workload {
  readonly #name: WorkloadName;
  readonly #namespace: Namespace;
  readonly #apis: ClusterApis;

  constructor(name: WorkloadName, namespace: Namespace, apis: ClusterApis) {
    this.#name = name;
    this.#namespace = namespace;
    this.#apis = apis;
  }

  /** As kubectl takes it: `deployment/trip-api`. */
  get ref(): string {
    return `${this.#name.kind.toLowerCase()}/${this.#name.name}`;
  }

  /** The containers of a pod that run trip-api, by their names. */
  async containers(): Promise<string[]> {
    return (await this.#read()).containers;
  }

  /** Its pods, without those that are being deleted. */
  async pods(): Promise<Pod[]> {
    const { selector } = await this.#read();
    const labels = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
    const { items } = await this.#apis.core.listNamespacedPod({
      namespace: this.#namespace.name,
      labelSelector: labels.join(","),
    });
    return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  }

  /** Waits until every pod is of the newest version and ready, and there are at least two. */
  async untilReady(
    when: string,
    { withinMs, noRestart, signal }: { withinMs: number; noRestart: boolean; signal: AbortSignal },
  ): Promise<void> {
    const probe = async (): Promise<{ done: boolean; seen: string }> => {
      const { replicas, updated, ready, isSeen } = await this.#read();
      const pods = await this.#namespace.pods();
      const isOver = pods.every((pod) => isReady(pod)) && pods.length === replicas;
      const refusal = pods.length < replicas ? await this.#refusal() : undefined;
      return {
        done: isSeen && updated === replicas && ready === replicas && replicas >= 2 && isOver,
        seen: `${replicas} wanted, ${updated} of the newest version, ${ready} ready: ${
          pods.map((pod) => describePod(pod)).join("; ") || "there is no pod"
        }${refusal === undefined ? "" : `; ${refusal}`}`,
      };
    };
    let stuckSince: number | undefined;
    const hasDied = async (): Promise<string | undefined> => {
      // A service account that comes a moment after its Deployment is refused too, and only at first.
      const refusal = await this.#refusal();
      if (refusal?.includes("violates PodSecurity")) return refusal;
      const pods = await this.#namespace.pods();
      const ended = noRestart ? pods.flatMap((pod) => restartOf(pod) ?? []) : [];
      if (ended.length > 0) return ended.join("; ");
      if (pods.length === 1 && (await this.#read()).replicas === 1) return "it asks for one pod";
      const stuck = pods.filter((pod) => isStuck(pod));
      stuckSince = stuck.length === 0 ? undefined : (stuckSince ?? performance.now());
      if (stuckSince === undefined || performance.now() - stuckSince < stuckMs) return undefined;
      return stuck.map((pod) => describePod(pod)).join("; ");
    };
    await eventually(`At least two pods of ${this.ref} are ready ${when}`, probe, {
      withinMs,
      everyMs: 200,
      signal,
      hasDied,
    });
  }

  /** Why a pod could not be made, by what the controllers tell. */
  async #refusal(): Promise<string | undefined> {
    const { items } = await this.#apis.core.listNamespacedEvent({
      namespace: this.#namespace.name,
      fieldSelector: "reason=FailedCreate",
    });
    const message = items.map((event) => event.message ?? "").find((text) => text !== "");
    return message === undefined ? undefined : `the API server refuses its pods: ${message}`;
  }

  async #read(): Promise<{
    containers: string[];
    selector: Record<string, string>;
    replicas: number;
    updated: number;
    ready: number;
    isSeen: boolean;
  }> {
    const request = { name: this.#name.name, namespace: this.#namespace.name };
    const { apps } = this.#apis;
    const { metadata, spec, status } =
      this.#name.kind === "Deployment"
        ? await apps.readNamespacedDeployment(request)
        : await apps.readNamespacedStatefulSet(request);
    if (spec === undefined) throw new Error(`${this.ref} has no spec.`);
    return {
      containers: (spec.template.spec?.containers ?? [])
        .filter(({ image }) => image?.includes("/trip-api:"))
        .map(({ name }) => name),
      selector: spec.selector.matchLabels ?? {},
      replicas: spec.replicas ?? 1,
      updated: status?.updatedReplicas ?? 0,
      ready: status?.readyReplicas ?? 0,
      isSeen: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    };
  }
}

/** Whether a container waits for an image or a setting that is not there. */
function isStuck(pod: Pod): boolean {
  return containersOf(pod).some(({ state }) =>
    /CreateContainerConfigError|ErrImage|ImagePullBackOff|InvalidImageName/.test(state),
  );
}

/** How a container of a pod ended that was to go on. */
function restartOf(pod: Pod): string | undefined {
  const restarted = containersOf(pod).find(({ restarts }) => restarts > 0);
  if (restarted === undefined) return undefined;
  return `${pod.metadata?.name} was ended before it had started (${restarted.lastEnd ?? "it does not say how"})`;
}
