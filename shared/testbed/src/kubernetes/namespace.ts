import { createHash } from "node:crypto";
import {
  ApiException,
  type KubernetesObject,
  type V1Job,
  type V1Pod,
} from "@kubernetes/client-node";
import { messageOf } from "@onramp/errors/onramp-error";
import { CheckFailure } from "@onramp/grading/check-failure";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import { eventually } from "@onramp/grading/eventually";
import type { GradingJob } from "@onramp/grading/job";
import { containersOf } from "./pod-state.ts";
import type { CommandResult, Files } from "../docker/tool-container.ts";
import type { Cluster } from "./cluster.ts";

export interface NamespaceOptions {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** What the namespace demands of pods: `baseline` keeps them from the machine, `restricted` is what the team has. */
  readonly podSecurity: "baseline" | "restricted";
  /** Kubernetes' own role that the team has in it: `edit` unless told; `admin` gives others what it has itself. */
  readonly teamRole?: "edit" | "admin";
}

/** Who applies a submission: what it may do is what a team may do in its namespace. */
export const teamUser = "hire";

/** What holds a namespace: a role of the team's, a Pod Security Standard, and a quota. */
function objectsOf({ name, podSecurity, teamRole = "edit" }: NamespaceOptions): KubernetesObject[] {
  const objects: (KubernetesObject & Record<string, unknown>)[] = [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name,
        labels: {
          "pod-security.kubernetes.io/enforce": podSecurity,
          // Of what would make a pod the server warns, where it refuses the pod alone.
          "pod-security.kubernetes.io/warn": podSecurity,
        },
      },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "team", namespace: name },
      roleRef: { kind: "ClusterRole", name: teamRole, apiGroup: "rbac.authorization.k8s.io" },
      subjects: [{ kind: "User", name: teamUser, apiGroup: "rbac.authorization.k8s.io" }],
    },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "team", namespace: name },
      spec: {
        hard: {
          pods: "12",
          "count/configmaps": "30",
          "count/secrets": "30",
          "count/services": "10",
          "count/deployments.apps": "10",
          "count/replicasets.apps": "50",
          "count/statefulsets.apps": "10",
          "count/daemonsets.apps": "0",
          "count/jobs.batch": "10",
          "count/cronjobs.batch": "10",
          persistentvolumeclaims: "0",
        },
      },
    },
  ];
  return objects;
}

/** A name that no other grading has in the same cluster, and that does not tell what is going to be judged there. */
export function namespaceName({ gradingId }: GradingJob, purpose: string): string {
  const hash = createHash("sha256").update(`${gradingId} ${purpose}`).digest("hex");
  return `fleet-${hash.slice(0, 8)}`;
}

/** A namespace of one check. */
export class Namespace implements AsyncDisposable {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #options: NamespaceOptions;
  #isDeleted = false;

  constructor(cluster: Cluster, options: NamespaceOptions) {
    this.name = options.name;
    this.#cluster = cluster;
    this.#options = options;
  }

  async create(): Promise<void> {
    for (const object of objectsOf(this.#options)) await this.#cluster.apis.objects.create(object);
    // Pods are refused until it is there.
    await eventually(
      `The namespace ${this.name} has its service account`,
      async () => {
        const { items } = await this.#cluster.apis.core.listNamespacedServiceAccount({
          namespace: this.name,
        });
        return { done: items.length > 0, seen: `${items.length} service accounts` };
      },
      { withinMs: 30_000 },
    );
  }

  /** Makes a Secret, as the platform would. */
  async createSecret(name: string, values: Readonly<Record<string, string>>): Promise<void> {
    await this.#cluster.apis.core.createNamespacedSecret({
      namespace: this.name,
      body: { metadata: { name }, stringData: { ...values } },
    });
  }

  /** The names of the Secrets of a type. */
  async secretsOfType(type: string): Promise<string[]> {
    const { items } = await this.#cluster.apis.core.listNamespacedSecret({
      namespace: this.name,
      fieldSelector: `type=${type}`,
    });
    return items.map(({ metadata }) => metadata?.name ?? "");
  }

  /**
   * Applies manifests as the namespace's user, with strict validation of every field.
   * @param options more of kubectl's, such as `--dry-run=server`
   */
  async apply(manifests: Files, ...options: string[]): Promise<CommandResult> {
    const directory = await this.#cluster.copyIn(this.name, manifests);
    const result = await this.kubectl([
      "apply",
      "--validate=strict",
      "--recursive",
      `--filename=${directory}`,
      `--as=${teamUser}`,
      ...options,
    ]);
    // The files have their names, and not a place that nobody knows.
    return { ...result, output: result.output.replaceAll(`${directory}/`, "") };
  }

  /** Runs `kubectl` in this namespace. */
  async kubectl(args: readonly string[]): Promise<CommandResult> {
    return this.#cluster.kubectl([...args, `--namespace=${this.name}`]);
  }

  async pods(): Promise<V1Pod[]> {
    const { items } = await this.#cluster.apis.core.listNamespacedPod({ namespace: this.name });
    return items;
  }

  async jobs(): Promise<V1Job[]> {
    const { items } = await this.#cluster.apis.batch.listNamespacedJob({ namespace: this.name });
    return items;
  }

  /** Asks to evict a pod, as `kubectl drain` does: 201 when it is granted, 429 when a disruption budget refuses it. */
  async evict(pod: string): Promise<{ readonly status: number; readonly answer: string }> {
    const request = { name: pod, namespace: this.name };
    try {
      await this.#cluster.apis.core.createNamespacedPodEviction({
        ...request,
        body: { metadata: request },
      });
      return { status: 201, answer: "granted" };
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return { status: error.code, answer: messageIn(error.body) };
    }
  }

  /** Keeps what people look at first: the objects, their events, and what the containers wrote. */
  async keepEvidence(evidence: EvidenceRecorder): Promise<void> {
    const kept: Readonly<Record<string, readonly string[]>> = {
      "What is in the namespace": ["get", "all,endpointslices,pdb", "--output=wide"],
      "Events, oldest first": ["get", "events", "--sort-by=.lastTimestamp"],
      "kubectl describe pods": ["describe", "pods"],
    };
    for (const [title, args] of Object.entries(kept))
      evidence(title, (await this.kubectl(args)).output);
    for (const pod of await this.pods()) {
      for (const { name, restarts } of containersOf(pod)) {
        const podName = pod.metadata?.name ?? "";
        const whose = `What the container ${name} of ${podName} wrote`;
        evidence(whose, await this.#logOf(podName, name));
        if (restarts === 0) continue;
        const before = await this.#logOf(podName, name, true);
        evidence(`${whose} before it was restarted`, before);
      }
    }
  }

  /** The last lines that a container wrote, or why there are none. */
  async #logOf(name: string, container: string, previous = false): Promise<string> {
    const namespace = this.name;
    const request = { name, namespace, container, previous, tailLines: 200 };
    try {
      return await this.#cluster.apis.core.readNamespacedPodLog(request);
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return messageIn(error.body);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDeleted) return;
    this.#isDeleted = true;
    await this.#cluster.apis.core.deleteNamespace({ name: this.name, gracePeriodSeconds: 0 });
  }
}

/** Looks at a namespace, and keeps what the cluster tells of it when it is not as it has to be. */
export async function withEvidence<Result>(
  namespace: Namespace,
  evidence: EvidenceRecorder,
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CheckFailure) await keepWhatThereIs(namespace, evidence);
    throw error;
  }
}

/** A failure stays one, also where the cluster cannot tell more of it. */
async function keepWhatThereIs(namespace: Namespace, evidence: EvidenceRecorder): Promise<void> {
  try {
    await namespace.keepEvidence(evidence);
  } catch (error) {
    evidence("What the cluster tells", `It could not be read: ${messageOf(error)}`);
  }
}

/** The sentence in an answer of the API server, or the answer where it is none of its own. */
function messageIn(body: unknown): string {
  try {
    const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
    return (status as { message?: string } | null)?.message ?? "without a message";
  } catch {
    return String(body);
  }
}
