import type { GradingJob } from "./job.ts";
import type { OnrampError } from "@onramp/errors/onramp-error";

/** A running testbed service. */
export interface StartedService {
  /**
   * Asked after every check that did not pass: if the service itself is broken, why. Then the check was not judged.
   */
  diagnose?(): Promise<OnrampError | undefined>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A testbed service: started when the first check asks for it, ended after the last check. */
export type ServiceStarter<Service extends StartedService> = (job: GradingJob) => Promise<Service>;
