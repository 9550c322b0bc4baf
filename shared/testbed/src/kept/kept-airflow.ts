import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import { AirflowApi, airflowPort, type AskAirflow } from "../airflow/airflow-api.ts";
import {
  airflowSettings,
  bundlesOf,
  dagDirectory,
  startCommand,
  startProgram,
  variablesAsEnvironment,
} from "../airflow/airflow-settings.ts";
import { lakeDirectory } from "../airflow/lake.ts";
import { addressOf, connectCluster, variablesForPods } from "./kept-cluster-ways.ts";
import { fleet, keptPostgres } from "./kept-postgres.ts";
import type { Contents, KeptService } from "./kept-service.ts";

const container = "onramp-airflow";
const alertPort = 8081;

/** Takes alerts, and writes each into the container's log. */
const alertProgram = `
import http.server, threading

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode(errors="replace")
        print(f"ALERT {self.path} {body}", flush=True)
        self.send_response(204 if self.path == "/alerts" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass

if os.fork() == 0:
    http.server.HTTPServer(("127.0.0.1", ${alertPort}), Receiver).serve_forever()
`;

/** Airflow for a hire's own tries: it reads the DAGs and the lake of an exercise's directory in `work`. */
export const keptAirflow: KeptService = {
  name: "airflow",
  title: "Airflow",
  images: ["airflow"],
  container,
  preferredPort: 8080,
  innerPort: airflowPort,
  holds: "runs, logs and connections",
  look: `docker logs --follow ${container} | grep ALERT`,
  reads: ({ project }) => project,
  environment: () => ({
    ...airflowSettings,
    // One for all of its parts: each would make one of its own.
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(32).toString("hex"),
    ...bundlesOf({ "dags-folder": dagDirectory }),
    ...variablesAsEnvironment({
      LAKE: lakeDirectory,
      POKE_SECONDS: "8",
      RETRY_SECONDS: "3",
      DEADLINE_SECONDS: "40",
      ...variablesForPods,
    }),
  }),
  async options(contents) {
    const project = projectOf(contents);
    const lake = join(project, "lake");
    // Else the engine makes it, and it is root's.
    await mkdir(lake, { recursive: true });
    return {
      Entrypoint: startCommand(
        (await startProgram()).replace("PARTS =", () => `${alertProgram}\nPARTS =`),
      ),
      HostConfig: {
        Binds: [`${join(project, "dags")}:${dagDirectory}:ro`, `${lake}:${lakeDirectory}:ro`],
        Memory: 3 * 2 ** 30,
      },
    };
  },
  variables: (port, contents) => ({
    AIRFLOW_URL: `http://127.0.0.1:${port}`,
    LAKE: join(projectOf(contents), "lake"),
  }),
  async fill(port, _, { engine, dockerode }) {
    const api = new AirflowApi(askAt(port));
    if (!(await api.isHealthy())) throw new Error("not all of its parts are well");
    await api.setConnection("alerts", {
      conn_type: "http",
      schema: "http",
      host: "127.0.0.1",
      port: alertPort,
    });
    const postgres = await addressOf({ engine, dockerode }, keptPostgres);
    if (postgres !== undefined)
      await api.setConnection("warehouse", {
        conn_type: "postgres",
        host: postgres,
        port: keptPostgres.innerPort,
        login: fleet,
        password: fleet,
        schema: fleet,
      });
    await connectCluster(api, { engine, dockerode });
  },
};

/** @throws {OnrampError} USAGE where no exercise was named, or it was not started */
function projectOf({ project }: Contents): string {
  if (project !== undefined && existsSync(join(project, "dags"))) return project;
  const example = "06-airflow";
  throw new OnrampError(
    "USAGE",
    project === undefined
      ? "Airflow reads the DAGs of an exercise, and none was named."
      : `Airflow reads the DAGs of ${project}, where there is no \`dags\`.`,
    {
      fix: `\`npx onramp start ${example}\` puts the starter there; then \`npx onramp up ${example}\`.`,
    },
  );
}

/** Asks an Airflow that is published on this port of the loopback. */
export function askAt(port: number): AskAirflow {
  return async ({ method = "GET", path, json, headers, withinMs = 5000 }) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...headers,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      signal: AbortSignal.timeout(withinMs),
    });
    return { status: answer.status, body: await answer.text() };
  };
}
