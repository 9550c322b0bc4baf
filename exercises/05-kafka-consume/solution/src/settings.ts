import { z } from "zod";

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number);

const environment = z.object({
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,]+:\d+(,[^\s,]+:\d+)*$/, "must be host:port, several joined by commas")
    .transform((text) => text.split(",")),
  TRIPS_TOPIC: z.string().min(1),
  DEAD_LETTER_TOPIC: z.string().min(1),
  CONSUMER_GROUP: z.string().min(1),
  SESSION_TIMEOUT_MS: wholeNumber,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  METRICS_PORT: wholeNumber.pipe(z.number().max(65_535, "must be at most 65535")),
});

export type Settings = {
  /** host:port of each broker to begin with. */
  brokers: string[];
  tripsTopic: string;
  deadLetterTopic: string;
  group: string;
  /** How long the group waits for a silent member before it gives its partitions away. */
  sessionTimeoutMs: number;
  /** postgres://user:password@host:port/database */
  databaseUrl: string;
  /** TCP port of `GET /metrics`. */
  metricsPort: number;
};

/**
 * Reads the settings from the environment.
 * @throws {Error} naming each variable that is missing or wrong
 */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const result = environment.safeParse(variables);
  if (!result.success) {
    // Without the values: DATABASE_URL holds a password.
    const problems = result.error.issues.map(
      ({ path, message }) => `${path.join(".")}: ${message}`,
    );
    throw new Error(`The settings are wrong. ${problems.join("; ")}`);
  }
  const { data } = result;
  return {
    brokers: data.KAFKA_BROKERS,
    tripsTopic: data.TRIPS_TOPIC,
    deadLetterTopic: data.DEAD_LETTER_TOPIC,
    group: data.CONSUMER_GROUP,
    sessionTimeoutMs: data.SESSION_TIMEOUT_MS,
    databaseUrl: data.DATABASE_URL,
    metricsPort: data.METRICS_PORT,
  };
}
