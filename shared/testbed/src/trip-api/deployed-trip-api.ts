import type { CheckContext } from "@onramp/grading/check";
import { CheckFailure } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import {
  type AnsweredRequest,
  type ClusterAnswer,
  type ClusterQuestion,
  describeAnswer,
  type Load,
} from "../kubernetes/cluster-client.ts";
import type { Namespace } from "../kubernetes/namespace.ts";
import type { Pod } from "../kubernetes/pod-state.ts";
import type { ReadyOptions, Workload } from "../kubernetes/workload.ts";
import type { TripApiCluster } from "./trip-api-cluster.ts";

/** How long pods may take until they are ready, in milliseconds: the briefs' 60 s. */
export const readyMs = 60_000;

/** Where trip-api tells its speed limit, without the work of a report. */
const limitPath = "/reports/daily?delayMs=0";

/** What is asked of trip-api, besides the path. */
type Question = Omit<ClusterQuestion, "url" | "withinMs">;

/** trip-api in a namespace of a check, as the submission runs it. */
export class DeployedTripApi {
  readonly namespace: Namespace;
  readonly workload: Workload;
  readonly #service: string;
  readonly #cluster: TripApiCluster;
  readonly #context: CheckContext;

  constructor(
    parts: {
      readonly namespace: Namespace;
      readonly workload: Workload;
      readonly cluster: TripApiCluster;
      /** The name of its Service. */
      readonly service: string;
    },
    context: CheckContext,
  ) {
    this.namespace = parts.namespace;
    this.workload = parts.workload;
    this.#service = parts.service;
    this.#cluster = parts.cluster;
    this.#context = context;
  }

  /** By the name of its Service, as pods of other namespaces reach it. */
  get origin(): string {
    return `http://${this.#service}.${this.namespace.name}.svc.cluster.local`;
  }

  /** One request from another pod, by the Service's name. */
  async ask(path: string, question: Question = {}): Promise<ClusterAnswer> {
    return this.#cluster.client.ask({ url: `${this.origin}${path}`, ...question });
  }

  /**
   * One request that is sent again while there is no answer: the node may still lead to a pod that is gone. Any answer
   * will do.
   */
  async askUntilAnswered(path: string, question: Question = {}): Promise<AnsweredRequest> {
    return eventually(
      `${question.method ?? "GET"} ${this.origin}${path} is answered`,
      async () => {
        const answer = await this.ask(path, question);
        return answer.error === undefined
          ? { done: true, seen: describeAnswer(answer), value: answer }
          : { done: false, seen: answer.error };
      },
      { withinMs: 15_000, everyMs: 200, signal: this.#context.signal },
    );
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

  /** Asks so many times side by side, and tells which pods answered 200, each as often as it did. */
  async servedBy(requests: number): Promise<string[]> {
    const answers = await Promise.all(
      Array.from({ length: requests }, async () => this.ask("/healthz")),
    );
    return answers.flatMap((answer) =>
      answer.error === undefined && answer.status === 200
        ? [answer.headers["x-served-by"] ?? ""]
        : [],
    );
  }

  /** Waits until every pod has answered: the node learns of one before it learns of the next. */
  async untilEveryPodAnswers(): Promise<void> {
    const pods = await this.workload.pods();
    const silent = new Set(pods.map(({ metadata }) => metadata?.name ?? ""));
    await eventually(
      `Requests to ${this.origin} are answered by every pod`,
      async () => {
        for (const pod of await this.servedBy(1)) silent.delete(pod);
        return { done: silent.size === 0, seen: `no answer of ${[...silent].join(" and ")}` };
      },
      { withinMs: 15_000, signal: this.#context.signal },
    );
  }

  /** The speed limit that trip-api tells, or what it answered instead. */
  async speedLimit(): Promise<string> {
    return limitIn(await this.askUntilAnswered(limitPath));
  }

  /** The speed limit that one pod tells, or what it answered instead. */
  async speedLimitOf(pod: Pod): Promise<string> {
    const url = `${await this.#originOf(pod)}${limitPath}`;
    return limitIn(await this.#cluster.client.ask({ url }));
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
    const url = `${await this.#originOf(pod)}/debug/${what}`;
    const answer = await this.#cluster.client.ask({ url, method: "POST" });
    const seen = describeAnswer(answer);
    if (seen === "status 202") return;
    throw new CheckFailure(
      `A pod of trip-api did not take \`POST /debug/${what}\` at ${url}: ${seen}.`,
      { expected: "202, since the grader has set TRIP_API_DEBUG=1", actual: seen },
    );
  }

  async #originOf(pod: Pod): Promise<string> {
    return `http://${pod.status?.podIP}:${await this.#port()}`;
  }

  /** Where the Service's port 80 leads to; it may have others, and so may its pods. */
  async #port(): Promise<number> {
    const { apis } = this.#cluster.kubernetes;
    const namespace = this.namespace.name;
    const services = await apis.core.listNamespacedService({
      namespace,
      fieldSelector: `metadata.name=${this.#service}`,
    });
    const ports = services.items.flatMap(({ spec }) => spec?.ports ?? []);
    const { name = "" } = ports.find(({ port }) => port === 80) ?? {};
    const { items } = await apis.discovery.listNamespacedEndpointSlice({
      namespace,
      labelSelector: `kubernetes.io/service-name=${this.#service}`,
    });
    const led = items
      .flatMap((slice) => slice.ports ?? [])
      .find((each) => each.port && (each.name ?? "") === name);
    return led?.port ?? 3000;
  }

  /** Waits until every pod is ready and new. */
  async untilReady(when: string, options: ReadyOptions = {}): Promise<void> {
    const { signal } = this.#context;
    await this.workload.untilReady(when, { withinMs: readyMs, ...options, signal });
  }

  /**
   * Runs `kubectl` in the namespace, as the platform does with what a team has there.
   * @throws {CheckFailure} when what the team has there does not allow it
   */
  async kubectl(...args: string[]): Promise<void> {
    const { exitCode, output } = await this.namespace.kubectl(args);
    if (exitCode === 0) return;
    const what = `kubectl ${args.join(" ")}`;
    throw new CheckFailure(`The platform could not do \`${what}\`: ${output}`, {
      expected: `\`${what}\` ends with 0`,
      actual: output,
    });
  }
}

function limitIn(answer: ClusterAnswer): string {
  if (answer.error !== undefined || answer.status !== 200) return describeAnswer(answer);
  try {
    return String((JSON.parse(answer.body) as { speedLimitKmh?: number }).speedLimitKmh);
  } catch {
    return `no JSON: ${answer.body.slice(0, 80)}`;
  }
}
