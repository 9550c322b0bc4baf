import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";

import { Readiness } from "./readiness.ts";
import { debugRoutes } from "./routes/debug.ts";
import { healthRoutes } from "./routes/health.ts";
import { reportRoutes } from "./routes/reports.ts";
import { tripRoutes } from "./routes/trips.ts";
import { TripStore } from "./trip-store.ts";

export type AppOptions = {
  /** Pino's JSON on stdout unless told otherwise. */
  logger?: FastifyServerOptions["logger"];
  isDebug?: boolean;
  speedLimitKmh?: number;
  /** Only who has it may post trips; without one everybody may. */
  token?: string | undefined;
  /** Shared with whoever stops the service: that it drains is said there. */
  readiness?: Readiness;
};

/** The service without a port: tests inject requests, `server.ts` listens. */
export function buildApp({
  logger = true,
  isDebug = false,
  speedLimitKmh = 130,
  token,
  readiness = new Readiness(),
}: AppOptions = {}): FastifyInstance {
  const app = Fastify({ logger });
  const store = new TripStore();

  // A kept-alive connection would hold `app.close()` back until it times out, so the last answer ends it.
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });

  // First of the routes: what it hangs has to hang everywhere.
  if (isDebug) debugRoutes(app, readiness);
  healthRoutes(app, readiness);
  tripRoutes(app, store, token);
  reportRoutes(app, store, speedLimitKmh);
  return app;
}
