import type { FastifyInstance } from "fastify";

import type { Readiness } from "../readiness.ts";

const leakBytes = 16 * 1024 * 1024;
const leakEveryMs = 50;

/**
 * `POST /debug/hang`: from then on requests are accepted and never answered, as in a deadlock.
 * `POST /debug/not-ready` and `POST /debug/ready` switch what `/readyz` says.
 * `POST /debug/leak`: from then on it takes more and more memory.
 */
export function debugRoutes(app: FastifyInstance, readiness: Readiness): void {
  let isHanging = false;

  app.addHook("onRequest", async () => {
    if (isHanging) await new Promise<never>(() => {});
  });

  app.post("/debug/hang", async (_request, reply) => {
    isHanging = true;
    return reply.code(202).send({ status: "hanging" });
  });

  app.post("/debug/not-ready", async (_request, reply) => {
    readiness.isSwitchedOff = true;
    return reply.code(202).send({ status: readiness.status });
  });

  app.post("/debug/ready", async (_request, reply) => {
    readiness.isSwitchedOff = false;
    return reply.code(202).send({ status: readiness.status });
  });

  const leaked: Buffer[] = [];
  let leak: NodeJS.Timeout | undefined;

  app.post("/debug/leak", async (_request, reply) => {
    // A buffer lies outside of V8's heap, so that not V8's limit ends the process but the container's. And it is
    // filled: memory that nobody has written to does not count yet.
    leak ??= setInterval(() => leaked.push(Buffer.alloc(leakBytes, 1)), leakEveryMs);
    return reply.code(202).send({ status: "leaking" });
  });

  // An interval would keep the process alive after its last answer.
  app.addHook("onClose", async () => clearInterval(leak));
}
