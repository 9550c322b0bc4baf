import { z } from "zod";

const environment = z.object({
  KAFKA_BROKERS: z.string().min(1),
  TRIPS_TOPIC: z.string().min(1),
  DEAD_LETTER_TOPIC: z.string().min(1),
});

export interface Settings {
  /** As it stands in the environment, for messages: whoever reads them knows the address by this text. */
  readonly brokers: string;
  readonly tripsTopic: string;
  readonly deadLetterTopic: string;
}

/**
 * Reads the settings from the environment.
 * @throws {Error} that names each variable which is missing or empty
 */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const { success, data, error } = environment.safeParse(variables);
  if (!success) throw new Error(`The settings are wrong.\n${z.prettifyError(error)}`);
  return {
    brokers: data.KAFKA_BROKERS,
    tripsTopic: data.TRIPS_TOPIC,
    deadLetterTopic: data.DEAD_LETTER_TOPIC,
  };
}
