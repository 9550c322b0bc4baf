import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";

import { debugRoutes } from "./routes/debug.ts";
import { healthRoutes } from "./routes/health.ts";
import { reportRoutes } from "./routes/reports.ts";
import { tripRoutes } from "./routes/trips.ts";
import { TripStore } from "./trip-store.ts";

export type AppOptions = {
  /** Pino's JSON on stdout unless told otherwise. */
  logger?: FastifyServerOptions["logger"];
  isDebug?: boolean;
};

/** The service without a port: tests inject requests, `server.ts` listens. */
export function buildApp({ logger = true, isDebug = false }: AppOptions = {}): FastifyInstance {
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
  if (isDebug) debugRoutes(app);
  healthRoutes(app);
  tripRoutes(app, store);
  reportRoutes(app, store);
  return app;
}
