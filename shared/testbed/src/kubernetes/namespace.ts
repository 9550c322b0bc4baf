import { ApiException, type V1Pod } from "@kubernetes/client-node";
import { CheckFailure } from "@onramp/grading/check-failure";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import { eventually } from "@onramp/grading/eventually";
import type { GradingJob } from "@onramp/grading/job";
import { containersOf } from "./pod-state.ts";
import type { CommandResult } from "../docker/tool-container.ts";
import type { Cluster } from "./cluster.ts";

export interface NamespaceOptions {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** What the namespace demands of pods: `baseline` keeps them from the machine, `restricted` is what the team has. */
  readonly podSecurity: "baseline" | "restricted";
}

/** Who applies a submission: what it may do is what a team may do in its namespace. */
export const teamUser = "hire";

/** What holds a namespace: Kubernetes' own role `edit`, a Pod Security Standard, and a quota. */
function objectsOf({ name, podSecurity }: NamespaceOptions): object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "pod-security.kubernetes.io/enforce": podSecurity } },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "team", namespace: name },
      roleRef: { kind: "ClusterRole", name: "edit", apiGroup: "rbac.authorization.k8s.io" },
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
}

/** A name that no other grading has in the same cluster. */
export function namespaceName({ gradingId }: GradingJob, purpose: string): string {
  return `fleet-${purpose}-${gradingId.slice(0, 6)}`;
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
    const list = { apiVersion: "v1", kind: "List", items: objectsOf(this.#options) };
    await this.#create("namespace.json", list);
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
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: this.name },
      stringData: values,
    };
    await this.#create("secret.json", secret);
  }

  async #create(fileName: string, object: object): Promise<void> {
    const files = new Map([[fileName, JSON.stringify(object)]]);
    const directory = await this.#cluster.copyIn(`of-the-grader-${this.name}`, files);
    const { exitCode, output } = await this.#cluster.kubectl([
      "create",
      `--filename=${directory}/${fileName}`,
    ]);
    if (exitCode !== 0) throw new Error(`${fileName} of ${this.name} was refused: ${output}`);
  }

  /**
   * Applies manifests as the namespace's user, with strict validation of every field.
   * @param manifests by their paths
   * @param options more of kubectl's, such as `--dry-run=server`
   */
  async apply(
    manifests: ReadonlyMap<string, string>,
    ...options: string[]
  ): Promise<CommandResult> {
    const directory = await this.#cluster.copyIn(this.name, manifests);
    return this.kubectl([
      "apply",
      "--validate=strict",
      "--recursive",
      `--filename=${directory}`,
      `--as=${teamUser}`,
      ...options,
    ]);
  }

  /** Runs `kubectl` in this namespace. */
  async kubectl(args: readonly string[]): Promise<CommandResult> {
    return this.#cluster.kubectl([...args, `--namespace=${this.name}`]);
  }

  async pods(): Promise<V1Pod[]> {
    const { items } = await this.#cluster.apis.core.listNamespacedPod({ namespace: this.name });
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
        const args = ["logs", pod.metadata?.name ?? "", `--container=${name}`, "--tail=200"];
        evidence(`What ${pod.metadata?.name} wrote`, (await this.kubectl(args)).output);
        if (restarts === 0) continue;
        const { output } = await this.kubectl([...args, "--previous"]);
        evidence(`What ${pod.metadata?.name} wrote before its container was restarted`, output);
      }
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
    if (error instanceof CheckFailure) await namespace.keepEvidence(evidence);
    throw error;
  }
}

/** The sentence in an answer of the API server. */
function messageIn(body: unknown): string {
  const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
  return (status as { message?: string } | null)?.message ?? "without a message";
}
