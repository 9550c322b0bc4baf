import { ApiException, type V1Deployment, type V1StatefulSet } from "@kubernetes/client-node";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { ClusterApis } from "./cluster.ts";
import { labelSelectorOf } from "./label-selector.ts";
import type { Namespace } from "./namespace.ts";
import { containersOf, describePod, isReady, type Pod } from "./pod-state.ts";

/** How long a pod may want something that is not there, in milliseconds: the objects come one after the other. */
const stuckMs = 15_000;

export const workloadKinds = ["Deployment", "StatefulSet"] as const;

/** What runs trip-api's pods. */
export interface WorkloadName {
  readonly kind: (typeof workloadKinds)[number];
  readonly name: string;
}

export interface ReadyOptions {
  /** How long to wait, in milliseconds. */
  readonly withinMs?: number;
  /** How many pods it has to ask for; one unless told. */
  readonly atLeast?: number;
  /** Whether a container that is restarted before that is a failure. */
  readonly noRestart?: boolean;
}

interface WorkloadSpec {
  /** Those that run trip-api. */
  readonly containers: string[];
  /** As the API takes it: `app=trip-api,tier in (web)`. */
  readonly selector: string;
  readonly template: unknown;
  readonly generation: number | undefined;
}

interface Counts {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  /** Whether the controller has seen the newest change. */
  readonly isSeen: boolean;
}

/** How far a change has come. */
export interface Rollout {
  /** Whether every pod is of the newest version and ready; those that are being deleted do not count. */
  readonly isOver: boolean;
  readonly pods: readonly Pod[];
}

/** All that is looked at once in a wait. */
interface WorkloadState extends Counts {
  /** Its own, with those that are being deleted. */
  readonly pods: readonly Pod[];
  readonly refusal: string | undefined;
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

  /** What it makes pods from, with the number that changes with its spec. */
  async template(): Promise<{
    readonly generation: number | undefined;
    readonly template: unknown;
  }> {
    const { generation, template } = await this.#read();
    return { generation, template };
  }

  /** Its pods, without those that are being deleted. */
  async pods(): Promise<Pod[]> {
    const pods = await this.#select(await this.#read());
    return pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  }

  /** How far the newest change of it has come. */
  async rollout(): Promise<Rollout> {
    const { isSeen, replicas, updated } = await this.#read();
    const pods = await this.pods();
    const isWhole = pods.length === replicas && pods.every((pod) => isReady(pod));
    return { isOver: isSeen && updated === replicas && isWhole, pods };
  }

  async #select({ selector }: WorkloadSpec): Promise<Pod[]> {
    const { items } = await this.#apis.core.listNamespacedPod({
      namespace: this.#namespace.name,
      labelSelector: selector,
    });
    return items;
  }

  /** One of its pods, when it is ready. */
  async somePod(): Promise<Pod> {
    const [pod] = await this.pods();
    if (pod === undefined) throw new Error("A workload that is ready has no pod.");
    return pod;
  }

  /** Waits until every pod is of the newest version and ready. */
  async untilReady(
    when: string,
    {
      withinMs,
      atLeast = 1,
      noRestart = false,
      signal,
    }: ReadyOptions & { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    let state: WorkloadState | undefined;
    let stuckSince: number | undefined;
    const probe = async (): Promise<{ done: boolean; seen: string }> => {
      state = await this.#look();
      return { done: state.replicas >= atLeast && isDone(state), seen: describe(state) };
    };
    const hasDied = async (): Promise<string | undefined> => {
      if (state === undefined) return undefined;
      const { pods, replicas, refusal } = state;
      // A service account that comes a moment after its Deployment is refused too, and only at first.
      if (refusal?.includes("violates PodSecurity")) return refusal;
      const ended = noRestart ? pods.flatMap((pod) => restartOf(pod) ?? []) : [];
      if (ended.length > 0) return ended.join("; ");
      if (pods.length === replicas && replicas < atLeast && !(await this.#isAutoscaled()))
        return `it asks for ${replicas === 1 ? "one pod" : `${replicas} pods`}`;
      const stuck = pods.filter((pod) => isStuck(pod));
      stuckSince = stuck.length === 0 ? undefined : (stuckSince ?? performance.now());
      if (stuckSince === undefined || performance.now() - stuckSince < stuckMs) return undefined;
      return stuck.map((pod) => describePod(pod)).join("; ");
    };
    const who = atLeast > 1 ? `At least ${atLeast} pods` : "The pods";
    await eventually(`${who} of ${this.ref} are ready ${when}`, probe, {
      withinMs,
      everyMs: 400,
      signal,
      hasDied,
    });
  }

  /** Whether an autoscaler may still ask for more pods; it looks every 15 s. */
  async #isAutoscaled(): Promise<boolean> {
    const { stdout } = await this.#namespace.kubectl(["get", "hpa", "--output=name"]);
    return stdout.trim() !== "";
  }

  async #look(): Promise<WorkloadState> {
    const state = await this.#read();
    const pods = await this.#select(state);
    const isWhole = Math.min(pods.length, state.updated) >= state.replicas;
    const refusal = isWhole ? undefined : await this.#refusal();
    return { ...state, pods, refusal };
  }

  /** Why a pod could not be made, by what the controllers tell. */
  async #refusal(): Promise<string | undefined> {
    const { items } = await this.#apis.core.listNamespacedEvent({
      namespace: this.#namespace.name,
      fieldSelector: "reason=FailedCreate",
    });
    // It and its ReplicaSets; a Job beside it is none of its pods' matter.
    const own = items.filter(({ involvedObject: { name = "" } }) =>
      `${name}-`.startsWith(`${this.#name.name}-`),
    );
    const message = own.map((event) => event.message ?? "").find((text) => text !== "");
    return message === undefined ? undefined : `the API server refuses its pods: ${message}`;
  }

  /** The submission may take it away, by a hook or under another name. */
  #whenGone(error: unknown): never {
    if (!(error instanceof ApiException) || error.code !== 404) throw error;
    fail(`The ${this.#name.kind} ${this.#name.name} is gone.`, {
      expected: `${this.ref} is there all the time`,
      actual: "the API server knows none of that name",
    });
  }

  async #read(): Promise<WorkloadSpec & Counts> {
    const request = { name: this.#name.name, namespace: this.#namespace.name };
    const { apps } = this.#apis;
    const reading: Promise<V1Deployment | V1StatefulSet> =
      this.#name.kind === "Deployment"
        ? apps.readNamespacedDeployment(request)
        : apps.readNamespacedStatefulSet(request);
    const { metadata, spec, status } = await reading.catch((error: unknown) =>
      this.#whenGone(error),
    );
    if (spec === undefined) throw new Error(`${this.ref} has no spec.`);
    return {
      containers: (spec.template.spec?.containers ?? [])
        .filter(({ image }) => image?.includes("/trip-api:"))
        .map(({ name }) => name),
      selector: labelSelectorOf(spec.selector),
      template: spec.template,
      generation: metadata?.generation,
      replicas: spec.replicas ?? 1,
      updated: status?.updatedReplicas ?? 0,
      ready: status?.readyReplicas ?? 0,
      isSeen: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    };
  }
}

function isDone({ isSeen, replicas, updated, ready, pods }: WorkloadState): boolean {
  const isOver = pods.every((pod) => isReady(pod)) && pods.length === replicas;
  return isSeen && updated === replicas && ready === replicas && isOver;
}

function describe({ replicas, updated, ready, pods, refusal }: WorkloadState): string {
  const words = pods.map((pod) => describePod(pod)).join("; ") || "there is no pod";
  const why = pods.length < replicas && refusal !== undefined ? `; ${refusal}` : "";
  return `${replicas} wanted, ${updated} of the newest version, ${ready} ready: ${words}${why}`;
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
