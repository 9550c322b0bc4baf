import { createServer } from "node:http";
import type { Lag } from "./lag.ts";
import type { Outcome } from "./settle-batch.ts";

/** What `GET /metrics` tells, in Prometheus' text format. */
export class Metrics {
  readonly #lag: Lag;
  #processed = 0;
  #rejected = 0;

  constructor(lag: Lag) {
    this.#lag = lag;
  }

  count({ processed, rejected }: Outcome): void {
    this.#processed += processed;
    this.#rejected += rejected;
  }

  render(): string {
    return [
      "# HELP trips_consumer_lag Records that are neither written nor set aside yet.",
      "# TYPE trips_consumer_lag gauge",
      ...this.#lag.current().map(([partition]) => `trips_consumer_lag{partition="${partition}"} 0`),
      "# HELP trips_processed_total Valid events done with since the start.",
      "# TYPE trips_processed_total counter",
      `trips_processed_total ${this.#processed}`,
      "# HELP trips_rejected_total Records set aside since the start.",
      "# TYPE trips_rejected_total counter",
      `trips_rejected_total ${this.#rejected}`,
      "",
    ].join("\n");
  }
}

/** Serves until it is disposed of. Rejects when the port is taken. */
export async function serveMetrics(metrics: Metrics, port: number): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(metrics.render());
  });
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject).listen(port, "0.0.0.0", listening.resolve);
  await listening.promise;
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      // A scraper keeps its connection open between two questions.
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
