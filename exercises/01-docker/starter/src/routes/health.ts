import type { FastifyInstance } from "fastify";

/** `GET /healthz`: the process answers requests. */
export function healthRoutes(app: FastifyInstance): void {
  app.get("/healthz", async () => ({ status: "ok" }));
}
