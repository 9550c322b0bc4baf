import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { buildApp } from "./app.ts";
import { readConfiguration } from "./configuration.ts";
import { Readiness } from "./readiness.ts";

const result = readConfiguration(process.env);
if ("problems" in result) {
  buildApp().log.fatal(
    { problems: result.problems },
    "trip-api cannot start: its settings are wrong",
  );
  process.exit(1);
}

const { port, isDebug, speedLimitKmh, token, startDelayMs, drainMs } = result.configuration;
const readiness = new Readiness();
const app = buildApp({ isDebug, speedLimitKmh, token, readiness });

// On the server and not in a hook: what Fastify answers by itself, such as 503 while it closes, passes no hook.
const servedBy = hostname();
app.server.prependListener("request", (_request, response) => {
  response.setHeader("x-served-by", servedBy);
});

const signals = ["SIGTERM", "SIGINT"] as const;

async function stop(signal: NodeJS.Signals): Promise<void> {
  // A second signal ends the process at once, for whoever does not want to wait.
  for (const each of signals) process.off(each, stop);

  app.log.info({ signal }, "trip-api stopping");
  if (!app.server.listening) {
    // It still loads: nobody is being served, so there is nothing to finish.
    app.log.info("trip-api stopped");
    process.exit(0);
  }
  readiness.isDraining = true;
  if (drainMs > 0) {
    // Whoever sends requests here learns from /readyz to stop that, and needs a while until it has.
    app.log.info({ drainMs }, "trip-api draining");
    await delay(drainMs);
  }
  await app.close(); // accepts no more, waits for the requests under way
  app.log.info("trip-api stopped");
}

for (const signal of signals) process.on(signal, stop);

if (startDelayMs > 0) {
  // Stands for reference data that is loaded first. Until then nothing listens, not even /healthz.
  app.log.info({ startDelayMs }, "trip-api loading");
  await delay(startDelayMs);
}

try {
  // 0.0.0.0: in a container, localhost is the container alone.
  await app.listen({ port, host: "0.0.0.0" });
} catch (error) {
  app.log.fatal(error, "trip-api cannot start");
  process.exit(1);
}

const [address] = app.addresses();
app.log.info({ port: typeof address === "object" ? address?.port : port }, "trip-api listening");
