import { deliverLines } from "./deliver-lines.ts";
import { Delivery } from "./delivery.ts";
import { log, textOf } from "./log.ts";
import { readSettings } from "./settings.ts";
import { Summary } from "./summary.ts";

/** After SIGTERM the platform waits for 10 s and then kills. Better to say what is missing than to be cut off. */
const stopWithinMs = 8000;

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
    log("Stopping: what comes within 3 s is still read.");
    setTimeout(() => stopping.abort(), 3000);
    const late = new Error(`Not all that was read could be delivered within ${stopWithinMs} ms.`);
    setTimeout(() => giveUp(late, summary), stopWithinMs).unref();
  });

  // First the broker, then the input: nothing is taken from stdin that could not be delivered.
  await using delivery = await Delivery.open(settings);
  const { stdin: input } = process;
  const delivered = deliverLines({ settings, input, delivery, summary, stop: stopping.signal });
  await delivered.catch((error: unknown) => giveUp(error, summary));
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

await produce().catch((error: unknown) => giveUp(error));
