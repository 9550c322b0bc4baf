import { z } from "zod";

/** What the platform tells the program by its environment. */
const environment = z.object({
  /** `host:port`, several of them with commas between. */
  KAFKA_BROKERS: z.string().min(1),
  TRIPS_TOPIC: z.string().min(1),
  DEAD_LETTER_TOPIC: z.string().min(1),
});

const settings = environment.safeParse(process.env);
if (!settings.success) {
  console.error(`The settings are wrong.\n${z.prettifyError(settings.error)}`);
  console.error('To set them in this shell: eval "$(npx onramp up 04-kafka-produce)"');
  process.exit(1);
}

console.error(`Nothing is delivered to ${settings.data.TRIPS_TOPIC} yet.`);
process.exitCode = 1;
