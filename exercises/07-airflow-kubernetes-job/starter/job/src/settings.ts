import { z } from "zod";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const environment = z.object({
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,]+:\d+(,[^\s,]+:\d+)*$/, "must be host:port, several joined by commas")
    .transform((text) => text.split(",")),
  TRIPS_TOPIC: z.string().min(1),
  INTERVAL_START: instant,
  INTERVAL_END: instant,
  ALLOWED_LATENESS_SECONDS: z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});

export type Settings = {
  /** host:port of each broker to begin with. */
  brokers: string[];
  tripsTopic: string;
  /** The first instant of the day that is scored. */
  intervalStart: Date;
  /** The first instant that is not of that day any more. */
  intervalEnd: Date;
  /** How long after the day's end a record may come and still count, in milliseconds. */
  allowedLatenessMs: number;
  /** postgres://user:password@host:port/database */
  databaseUrl: string;
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
    intervalStart: data.INTERVAL_START,
    intervalEnd: data.INTERVAL_END,
    allowedLatenessMs: data.ALLOWED_LATENESS_SECONDS * 1000,
    databaseUrl: data.DATABASE_URL,
  };
}
