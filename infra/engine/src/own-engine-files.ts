import { join } from "node:path";

/** The state of the engine that this kit starts; `purge` of the docs removes it. */
export const stateFolder = "/var/lib/onramp/engine";

export const ownEngineFiles = {
  config: join(stateFolder, "daemon.json"),
  log: join(stateFolder, "dockerd.log"),
  pid: join(stateFolder, "dockerd.pid"),
  runtime: join(stateFolder, "runtime"),
} as const;

/** dockerd's own containerd: where it leaves its process id and sockets. */
export const containerdFolder = "/var/run/docker/containerd";
