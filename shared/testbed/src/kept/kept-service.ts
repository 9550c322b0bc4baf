import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";

/** What a service that is kept running is to hold besides what it always holds. */
export interface Contents {
  /** SQL that makes an exercise's tables, and changes nothing where they are. */
  readonly schemas: readonly string[];
  /** A directory for files that outlive the command, such as a kubeconfig. */
  readonly directory: string;
  /** The directory of stage 01, whose reference answer makes trip-api's image. */
  readonly tripApiStage: string;
  /** The directory in `work` of the last exercise that was named; undefined where none was. */
  readonly project: string | undefined;
}

/** The container of a service, for those that are not filled over their port alone. */
export interface KeptPlace {
  readonly engine: Engine;
  readonly dockerode: Dockerode;
  readonly containerId: string;
}

/** A service that `onramp up` keeps running: one container under one name. */
export interface KeptService {
  /** As in `needs:` of an exercise. */
  readonly name: string;
  /** What it needs of the image catalogue; its container's own comes first. */
  readonly images: readonly [string, ...string[]];
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
  /** The directory in `work` that its container reads for as long as it lives; undefined where none was named. */
  reads?(contents: Contents): string | undefined;
  /** The container's environment when it is published on this port. */
  environment(port: number): Record<string, string>;
  /** What its container needs and others do not. */
  options?(contents: Contents): Promise<Dockerode.ContainerCreateOptions>;
  /** The variables by which the exercises' programs find it. */
  variables(port: number, contents: Contents): Record<string, string>;
  /** Asks the service once, and makes what is to be there. Throws while it is not ready; an OnrampError when it never will be. */
  fill(port: number, contents: Contents, place: KeptPlace): Promise<void>;
}
