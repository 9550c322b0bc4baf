import type { FastifyInstance } from "fastify";

/** `POST /debug/hang`: from then on requests are accepted and never answered, as in a deadlock. */
export function debugRoutes(app: FastifyInstance): void {
  let isHanging = false;

  app.addHook("onRequest", async () => {
    if (isHanging) await new Promise<never>(() => {});
  });

  app.post("/debug/hang", async (_request, reply) => {
    isHanging = true;
    return reply.code(202).send({ status: "hanging" });
  });
}
