import type { FastifyInstance } from "fastify";

import type { Readiness } from "../readiness.ts";

/** `GET /healthz`: the process answers requests. `GET /readyz`: it wants them, too. */
export function healthRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get("/healthz", async () => ({ status: "ok" }));

  app.get("/readyz", async (_request, reply) => {
    const { status } = readiness;
    return reply.code(status === "ready" ? 200 : 503).send({ status });
  });
}
