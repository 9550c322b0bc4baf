import { buildApp } from "./app.ts";
import { readConfiguration } from "./configuration.ts";

const result = readConfiguration(process.env);
if ("problems" in result) {
  buildApp().log.fatal(
    { problems: result.problems },
    "trip-api cannot start: its settings are wrong",
  );
  process.exit(1);
}

const { port, isDebug } = result.configuration;
const app = buildApp({ isDebug });

// `once`: a second signal ends the process at once, for whoever does not want to wait.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, async () => {
    app.log.info({ signal }, "trip-api stopping");
    await app.close(); // accepts no more, waits for the requests under way
    app.log.info("trip-api stopped");
  });
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
