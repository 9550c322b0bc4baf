import { z } from "zod";

/** Written in digits alone: `Number` would take `1e3` and ` 7 ` too. */
function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));
}

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(65535, "must be at most 65535"))
    .default(3000),
  TRIP_API_DEBUG: z.string().optional(),
  TRIP_API_SPEED_LIMIT_KMH: wholeNumber(1, 300).default(130),
  // Not taken for "no token": then everybody could post, because a secret came out empty.
  TRIP_API_TOKEN: z.string().min(1, "must not be empty").optional(),
  TRIP_API_START_DELAY_MS: wholeNumber(0, 600_000).default(0),
  TRIP_API_DRAIN_MS: wholeNumber(0, 60_000).default(0),
});

/** What is wrong with them is logged without their values. */
const secrets = new Set(["TRIP_API_TOKEN"]);

export type Configuration = {
  /** TCP port; 0 lets the system choose a free one. */
  port: number;
  /** Adds routes that break the service on purpose. Never set in production. */
  isDebug: boolean;
  /** A trip whose highest speed is above it was too fast. */
  speedLimitKmh: number;
  /** Only who has it may post trips; without one everybody may. */
  token: string | undefined;
  /** How long it loads before it listens. */
  startDelayMs: number;
  /** How long it serves on after it was told to stop, while it says that it is not ready. */
  drainMs: number;
};

export type ConfigurationResult = { configuration: Configuration } | { problems: string[] };

/** Reads the settings, or says of each variable what is wrong with it. */
export function readConfiguration(variables: NodeJS.ProcessEnv): ConfigurationResult {
  const result = environment.safeParse(variables);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      const name = path.join(".");
      if (secrets.has(name)) return `${name}: ${message}`;
      return `${name} is ${JSON.stringify(variables[name])}: ${message}`;
    });
    return { problems };
  }
  const { data } = result;
  return {
    configuration: {
      port: data.PORT,
      isDebug: data.TRIP_API_DEBUG === "1",
      speedLimitKmh: data.TRIP_API_SPEED_LIMIT_KMH,
      token: data.TRIP_API_TOKEN,
      startDelayMs: data.TRIP_API_START_DELAY_MS,
      drainMs: data.TRIP_API_DRAIN_MS,
    },
  };
}
