import { deliverLines } from "./deliver-lines.ts";
import { Delivery } from "./delivery.ts";
import { log, textOf } from "./log.ts";
import { readSettings } from "./settings.ts";
import { Summary } from "./summary.ts";

/** Ends the process at once, whatever it waits for: retries of the client, an open stdin. */
function giveUp(error: unknown, summary?: Summary): never {
  log(textOf(error), { level: "fatal", summary });
  process.exit(1);
}

async function produce(): Promise<void> {
  const settings = readSettings(process.env);
  const summary = new Summary(settings);
  const stopping = new AbortController();
  process.once("SIGTERM", () => {
    log("Stopping: no further line is read.");
    stopping.abort();
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    process.exit(0);
  });

  // First the broker, then the input: nothing is taken from stdin that could not be delivered.
  await using delivery = await Delivery.open(settings);
  const { stdin: input } = process;
  const delivered = deliverLines({ settings, input, delivery, summary, stop: stopping.signal });
  await delivered.catch((error: unknown) => giveUp(error, summary));
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

await produce().catch((error: unknown) => giveUp(error));
