import type { HttpAnswer, HttpQuestion } from "../docker/http-client.ts";

/** The port that Airflow's API and its pages are at, in its container. */
export const airflowPort = 8080;

/** An answer of Airflow's API that is no success. */
export class AirflowRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`Airflow answered ${request} with ${status}: ${body.slice(0, 1000)}`);
    this.status = status;
  }
}

/** Asks Airflow's server, wherever it is. */
export type AskAirflow = (question: Omit<HttpQuestion, "signal">) => Promise<HttpAnswer>;

/**
 * Airflow's public API, version 2, asked as an administrator.
 * https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
 */
export class AirflowApi {
  readonly #askServer: AskAirflow;
  #token: string | undefined;

  constructor(ask: AskAirflow) {
    this.#askServer = ask;
  }

  /**
   * Whether all of Airflow's parts say that they are well.
   * @throws an Error that says why there was no answer
   */
  async isHealthy(): Promise<boolean> {
    const health = (await this.#ask("GET", "/api/v2/monitor/health")) as Record<
      string,
      { readonly status: string | null } | null
    >;
    return ["metadatabase", "scheduler", "triggerer", "dag_processor"].every(
      (part) => health[part]?.status === "healthy",
    );
  }

  /** @throws {AirflowRefusal} */
  async get<Answer>(path: string): Promise<Answer> {
    return (await this.#askAsAdmin("GET", path)) as Answer;
  }

  /** As {@link get}; undefined when there is no such thing. */
  async find<Answer>(path: string): Promise<Answer | undefined> {
    try {
      return await this.get<Answer>(path);
    } catch (error) {
      if (error instanceof AirflowRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** @throws {AirflowRefusal} */
  async post<Answer>(path: string, json: unknown): Promise<Answer> {
    return (await this.#askAsAdmin("POST", path, json)) as Answer;
  }

  /** @throws {AirflowRefusal} */
  async patch<Answer>(path: string, json: unknown): Promise<Answer> {
    return (await this.#askAsAdmin("PATCH", path, json)) as Answer;
  }

  /** Makes a connection, or changes it. Tasks that ask for it get it as it is then. */
  async setConnection(id: string, connection: Readonly<Record<string, unknown>>): Promise<void> {
    const body = { connection_id: id, ...connection };
    const known = await this.find(`/connections/${id}`);
    if (known === undefined) await this.post("/connections", body);
    else await this.patch(`/connections/${id}`, body);
  }

  async #askAsAdmin(method: string, path: string, json?: unknown): Promise<unknown> {
    this.#token ??= (
      (await this.#ask("GET", "/auth/token")) as { access_token: string }
    ).access_token;
    const headers = { authorization: `Bearer ${this.#token}` };
    return this.#ask(method, `/api/v2${path}`, { json, headers });
  }

  async #ask(
    method: string,
    path: string,
    { json, headers }: { json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<unknown> {
    const question = { method, path, json, headers, withinMs: 30_000 };
    const answer = await this.#askServer(question);
    if (answer.status >= 300)
      throw new AirflowRefusal(`${method} ${path}`, answer.status, answer.body);
    return answer.body === "" ? undefined : JSON.parse(answer.body);
  }
}
