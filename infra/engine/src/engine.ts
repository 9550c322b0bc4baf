/** Where an engine listens, and how to reach it. */
export interface EngineLocation {
  /** What told us of it, in words for a message: `DOCKER_HOST`, `the docker context "colima"`, `the default socket`. */
  readonly source: string;
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `npipe:////./pipe/docker_engine`. */
  readonly host: string;
  /** A directory with `ca.pem`, `cert.pem` and `key.pem`, for an engine behind TLS. */
  readonly certPath?: string;
  /** True when Testcontainers and the docker CLI find it without being told by `DOCKER_HOST`. */
  readonly isFoundByOthers: boolean;
}

/** A container engine that answers. */
export interface Engine extends EngineLocation {
  /** The engine's own stable id. */
  readonly id: string;
  /** `Docker` or `Podman`. */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  /** The path of its Unix socket; undefined for an engine reached over TCP. */
  readonly socketPath: string | undefined;
  /** Where it keeps images and volumes, as the engine sees it. */
  readonly dataRoot: string;
  /** True for an engine behind a socket of this machine (it may still live in a virtual machine). */
  readonly isLocal: boolean;
  /** True when this kit started it: see `start-engine.ts`. */
  readonly isOurs: boolean;
  /** The operating system that containers run on: `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
  readonly os: string;
  /** `x64` or `arm64`, in Node's words. */
  readonly architecture: string;
  readonly cgroupVersion: 1 | 2;
  /** Memory of the machine that containers run on. */
  readonly memoryBytes: number;
  readonly cpus: number;
}

/** The label that tells an engine of ours from all others. */
export const ownEngineLabel = "dev.onramp.engine=own";

/** The Unix socket of a location, or undefined. */
export function socketPathOf(host: string): string | undefined {
  if (host.startsWith("unix://")) return host.slice("unix://".length);
  if (host.startsWith("npipe://")) return host.slice("npipe://".length);
  return undefined;
}
