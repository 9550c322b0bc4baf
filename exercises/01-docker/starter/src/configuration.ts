import { z } from "zod";

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(65535, "must be at most 65535"))
    .default(3000),
  TRIP_API_DEBUG: z.string().optional(),
});

export type Configuration = {
  /** TCP port; 0 lets the system choose a free one. */
  port: number;
  /** Adds routes that break the service on purpose. Never set in production. */
  isDebug: boolean;
};

export type ConfigurationResult = { configuration: Configuration } | { problems: string[] };

/** Reads the settings, or says of each variable what is wrong with it. */
export function readConfiguration(variables: NodeJS.ProcessEnv): ConfigurationResult {
  const result = environment.safeParse(variables);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      const name = path.join(".");
      return `${name} is ${JSON.stringify(variables[name])}: ${message}`;
    });
    return { problems };
  }
  return { configuration: { port: result.data.PORT, isDebug: result.data.TRIP_API_DEBUG === "1" } };
}
