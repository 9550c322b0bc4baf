import { OnrampError } from "@onramp/errors/onramp-error";
import type { RunningContainer } from "../docker/running-container.ts";

const apiPort = 8080;

/** An answer of Airflow's API that is no success. */
export class AirflowRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`Airflow answered ${request} with ${status}: ${body.slice(0, 1000)}`);
    this.status = status;
  }
}

/**
 * Airflow's public API, version 2, asked as an administrator. Every method throws an {@link OnrampError} SERVICE_DIED
 * when Airflow has ended. https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
 */
export class AirflowApi {
  readonly #container: RunningContainer;
  #token: string | undefined;

  constructor(container: RunningContainer) {
    this.#container = container;
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
    const end = await this.#container.describeEnd();
    if (end !== undefined) throw new OnrampError("SERVICE_DIED", `Airflow is gone: ${end}.`);
    const answer = await this.#container.ask(apiPort, {
      method,
      path,
      json,
      headers,
      withinMs: 30_000,
      signal: new AbortController().signal,
    });
    if (answer.status >= 300)
      throw new AirflowRefusal(`${method} ${path}`, answer.status, answer.body);
    return answer.body === "" ? undefined : JSON.parse(answer.body);
  }
}
