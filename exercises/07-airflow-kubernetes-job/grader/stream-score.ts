import type { CheckContext } from "@onramp/grading/check";
import { eventually } from "@onramp/grading/eventually";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import type { StartedService } from "@onramp/grading/service";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import { ScoringDag } from "@onramp/testbed/driving-score/scoring-dag";
import type { Door } from "@onramp/testbed/faults/door";
import type { KafkaService } from "@onramp/testbed/kafka/kafka-service";
import type { KubernetesService } from "@onramp/testbed/kubernetes/kubernetes-service";
import type { Namespace } from "@onramp/testbed/kubernetes/namespace";
import { killPod, leaveNoRoom } from "@onramp/testbed/kubernetes/pod-faults";
import { describePod, type Pod } from "@onramp/testbed/kubernetes/pod-state";
import type { Database } from "@onramp/testbed/postgres/database";
import { dagId, deploy } from "./deployment.ts";
import type { TopicMessage } from "./trip-records.ts";

/** What the Variables of the brief say in a grading, in seconds. */
export const pauses = { retry: 3, podStart: 20 };

export interface StreamScoreParts {
  readonly airflow: AirflowService;
  readonly warehouse: Database;
  readonly door: Door;
  readonly kafka: KafkaService;
  readonly cluster: KubernetesService;
  readonly namespace: Namespace;
  readonly topic: string;
  /** What the cluster calls the image of the job. */
  readonly jobImage: string;
}

/** The service of this stage: the DAG at work, and the jobs that it triggers. */
export class StreamScore extends ScoringDag implements StartedService {
  readonly cluster: KubernetesService;
  readonly namespace: Namespace;
  readonly #parts: StreamScoreParts;
  readonly #resources: AsyncDisposableStack;
  #deployed: Promise<void> | undefined;

  constructor(parts: StreamScoreParts, resources: AsyncDisposableStack) {
    super(dagId, parts.airflow, parts.warehouse);
    this.cluster = parts.cluster;
    this.namespace = parts.namespace;
    this.#parts = parts;
    this.#resources = resources;
  }

  get jobImage(): string {
    return this.#parts.jobImage;
  }

  /** What a pod gets as `DATABASE_URL`. */
  get databaseUrl(): string {
    return this.warehouse.uriBy(this.#parts.door);
  }

  /** Writes records to the topic, in the order of their timestamps, as the broker takes them; of the same moment, in theirs. */
  async produce(records: readonly TopicMessage[]): Promise<void> {
    const inOrder = records.toSorted(
      (one, other) => Number(one.timestamp) - Number(other.timestamp),
    );
    await this.#parts.kafka.produce(this.#parts.topic, inOrder);
  }

  /** The pods that are to score a day, by what their containers are told. */
  async podsOf(day: string): Promise<Pod[]> {
    const start = Date.parse(`${day}T00:00:00Z`);
    const pods = await this.namespace.pods();
    return pods.filter((pod) =>
      (pod.spec?.containers ?? []).some(({ env = [] }) =>
        env.some(
          ({ name, value }) => name === "INTERVAL_START" && Date.parse(value ?? "") === start,
        ),
      ),
    );
  }

  /** The pod that scores a day at the moment: there has to be one, and no more. The node tells of it a moment later. */
  async runningPodOf(day: string): Promise<string> {
    return eventually(
      `One pod with INTERVAL_START=${day}T00:00:00+00:00 runs, while the job of that day writes`,
      async () => {
        const pods = await this.podsOf(day);
        const names = pods.flatMap(({ metadata, status }) =>
          status?.phase === "Running" ? (metadata?.name ?? []) : [],
        );
        const all = (await this.namespace.pods()).map((pod) => describePod(pod)).join("; ");
        const seen = `${names.length} do; in the namespace: ${all === "" ? "no pod" : all}`;
        return { done: names.length === 1, seen, value: names[0] ?? "" };
      },
      { withinMs: 20_000, everyMs: 200 },
    );
  }

  /** Tells what Airflow and the cluster know of a run. */
  protected override async tellOf(runId: string, evidence: EvidenceRecorder): Promise<void> {
    await super.tellOf(runId, evidence);
    await this.namespace.keepEvidence(evidence);
  }

  /** Kills the containers of a pod, as a node does that runs out of memory. */
  async killPod(name: string): Promise<void> {
    await killPod(this.cluster, this.namespace.name, name);
  }

  /** Leaves no room for new pods of the namespace, until the end of the scope. */
  async leaveNoRoom(): Promise<AsyncDisposable> {
    return leaveNoRoom(this.cluster, this.namespace.name);
  }

  /**
   * Applies the submission's rights and hands its DAGs to Airflow when the first check asks, and waits until it has read
   * them.
   */
  async deploy(context: CheckContext): Promise<void> {
    this.#deployed ??= deploy(this, context);
    await this.#deployed;
  }

  async diagnose(): ReturnType<AirflowService["diagnose"]> {
    const { airflow, kafka, cluster } = this.#parts;
    return (await airflow.diagnose()) ?? (await kafka.diagnose()) ?? (await cluster.diagnose());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }
}
