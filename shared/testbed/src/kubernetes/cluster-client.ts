import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { messageOf, OnrampError } from "@onramp/errors/onramp-error";
import { eventually } from "@onramp/grading/eventually";
import type { KubernetesService } from "./kubernetes-service.ts";
import { clientPort } from "./node-container.ts";

export interface ClusterQuestion {
  /** As a pod of another namespace names it: `http://trip-api.NAMESPACE.svc.cluster.local/healthz`. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long to wait for the whole answer, in milliseconds. 5,000 unless told. */
  readonly withinMs?: number;
}

export interface AnsweredRequest {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error?: undefined;
}

/** An answer, or why there was none: `ECONNREFUSED`, "no answer within 5 s". */
export type ClusterAnswer = AnsweredRequest | { readonly error: string };

/** An answer in a word or two, for those who wait for another one: `status 503`. */
export function describeAnswer(answer: ClusterAnswer): string {
  return answer.error ?? `status ${answer.status}`;
}

/** A request of a load that was not answered by 200. */
export interface FailedRequest {
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** The pod that answered, or "?" where none did. */
  readonly pod: string;
  readonly reason: string;
}

/** What a load has seen. */
export interface LoadReport {
  readonly asked: number;
  readonly failures: readonly FailedRequest[];
  /** How many answers of 200 each pod gave. */
  readonly answers: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly url: string;
  /** How many ask side by side, each with a new connection for each request. */
  readonly workers: number;
  /** How long each of them waits between two requests, in milliseconds. */
  readonly everyMs: number;
  /** How long to wait for a whole answer, in milliseconds. */
  readonly withinMs: number;
}

/** Requests that go on until they are stopped, at the end of their scope at the latest. */
export interface Load extends AsyncDisposable {
  look(): Promise<LoadReport>;
  /** Lets the requests under way come to their end. */
  stop(): Promise<LoadReport>;
}

/** A pod of the grader's, which asks as another service of the cluster would. */
export class ClusterClient {
  readonly #origin: string;
  readonly #password: string;

  /**
   * @param origin where its own port is reached: `http://127.0.0.1:32768`
   * @param password pods of a submission reach it too, and do not know this
   */
  constructor(origin: string, password: string) {
    this.#origin = origin;
    this.#password = password;
  }

  async ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    return (await this.#tell("/ask", { withinMs: 5000, ...question })) as ClusterAnswer;
  }

  async startLoad(options: LoadOptions): Promise<Load> {
    const id = randomUUID();
    await this.#tell("/start", { id, ...options });
    return {
      look: async () => (await this.#tell("/look", { id })) as LoadReport,
      stop: async () => (await this.#tell("/stop", { id })) as LoadReport,
      [Symbol.asyncDispose]: async () => void (await this.#tell("/stop", { id })),
    };
  }

  /** @throws {OnrampError} SERVICE_DIED when the client is gone: pods of a submission may bring it down */
  async #tell(path: string, what: object): Promise<unknown> {
    const answer = await fetch(`${this.#origin}${path}`, {
      method: "POST",
      body: JSON.stringify(what),
      headers: { connection: "close", authorization: this.#password },
    }).catch((error: unknown) => {
      const message = `The grader's client in the cluster does not answer: ${messageOf(error)}.`;
      throw new OnrampError("SERVICE_DIED", message);
    });
    if (!answer.ok) throw new Error(`The client in the cluster failed: ${await answer.text()}`);
    return answer.json();
  }
}

/** The client that a cluster has. */
export function clientOf(cluster: KubernetesService): ClusterClient {
  return new ClusterClient(cluster.node.originOf(clientPort), passwordOf(cluster));
}

/** Known to whoever is the cluster's administrator, in whichever process. */
function passwordOf({ node }: KubernetesService): string {
  return createHash("sha256").update(node.administratorKey).digest("hex");
}

const namespace = "onramp-client";
const labels = { "app.kubernetes.io/name": "onramp-client" };

/**
 * Starts the client's pod, on an image that has Node.
 * @param image as the cluster calls it
 */
export async function startClient(
  cluster: KubernetesService,
  image: string,
): Promise<ClusterClient> {
  const { core } = cluster.apis;
  const program = await readFile(new URL("./client-program.mjs", import.meta.url), "utf8");
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  await core.createNamespacedService({
    namespace,
    body: {
      metadata: { name: "client" },
      spec: {
        type: "NodePort",
        selector: labels,
        ports: [{ port: 8080, nodePort: clientPort }],
      },
    },
  });
  const create = async (): Promise<{ done: boolean; seen: string }> => {
    try {
      await core.createNamespacedPod({
        namespace,
        body: {
          metadata: { name: "client", labels },
          spec: {
            automountServiceAccountToken: false,
            // Where the pods want more memory than there is, others go first.
            priorityClassName: "system-node-critical",
            // What is judged is the submission and not the name server: names are asked for in full,
            // and a lost packet costs a second and not five.
            dnsConfig: {
              options: [
                { name: "ndots", value: "1" },
                { name: "timeout", value: "1" },
                { name: "attempts", value: "5" },
              ],
            },
            containers: [
              {
                name: "client",
                image,
                imagePullPolicy: "Never",
                command: ["node", "--input-type=module", "--eval", program],
                // Each question for a name holds one of these threads; four, the default, hold up all loads.
                env: [
                  { name: "UV_THREADPOOL_SIZE", value: "64" },
                  { name: "CLIENT_PASSWORD", value: passwordOf(cluster) },
                ],
              },
            ],
          },
        },
      });
      return { done: true, seen: "created" };
    } catch (error) {
      // A new namespace has no service account for a moment.
      return { done: false, seen: (error as Error).message };
    }
  };
  await eventually("The client's pod is created", create, { withinMs: 30_000 });
  const client = clientOf(cluster);
  await eventually(
    "The client in the cluster answers",
    async () => {
      try {
        const own = await client.ask({ url: "http://127.0.0.1:8080/", withinMs: 2000 });
        return { done: true, seen: JSON.stringify(own) };
      } catch (error) {
        return { done: false, seen: (error as Error).message };
      }
    },
    { withinMs: 60_000, everyMs: 100 },
  );
  return client;
}
