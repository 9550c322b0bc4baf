/** What a service that is kept running is to hold besides what it always holds. */
export interface Contents {
  /** SQL that makes an exercise's tables, and changes nothing where they are. */
  readonly schemas: readonly string[];
}

/** A service that `onramp up` keeps running: one container under one name. */
export interface KeptService {
  /** As in `needs:` of an exercise, and in the image catalogue. */
  readonly name: string;
  /** For people: `Kafka`. */
  readonly title: string;
  /** The name of its container. */
  readonly container: string;
  /** The port on this machine, where it is free. */
  readonly preferredPort: number;
  /** The port in the container that is published. */
  readonly innerPort: number;
  /** What goes with it when it is ended. */
  readonly holds: string;
  /** How to look into it. */
  readonly look: string;
  /** The container's environment when it is published on this port. */
  environment(port: number): Record<string, string>;
  /** The variables by which the exercises' programs find it. */
  variables(port: number): Record<string, string>;
  /** Asks the service once, and makes what is to be there. Throws while it is not ready; an OnrampError when it never will be. */
  fill(port: number, contents: Contents): Promise<void>;
}
