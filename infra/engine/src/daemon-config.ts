import { ownEngineLabel } from "./engine.ts";
import { parentGroup } from "./memory.ts";
import { ownEngineFiles } from "./own-engine-files.ts";

/** What build caches may keep; older entries go first. */
const buildCacheLimit = "10GB";

/**
 * dockerd's configuration: what the machine's own /etc/docker/daemon.json says (registry mirrors, proxies, address
 * pools), with ours over it.
 */
export function daemonConfig(
  ofMachine: Readonly<Record<string, unknown>>,
  options: { hasRuntimeWrapper: boolean },
): Record<string, unknown> {
  const labels = Array.isArray(ofMachine["labels"]) ? ofMachine["labels"] : [];
  const runtimes = isRecord(ofMachine["runtimes"]) ? ofMachine["runtimes"] : {};
  return {
    ...ofMachine,
    hosts: ["unix:///var/run/docker.sock"],
    pidfile: ownEngineFiles.pid,
    // Published ports are for this machine alone; containers on an internal network reach the others' gateway.
    ip: "127.0.0.1",
    // A path as parent group needs the cgroupfs driver: systemd's takes slices only.
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    "cgroup-parent": parentGroup,
    labels: [...labels, ownEngineLabel],
    builder: { gc: { enabled: true, defaultKeepStorage: buildCacheLimit } },
    ...(options.hasRuntimeWrapper
      ? {
          runtimes: { ...runtimes, onramp: { path: ownEngineFiles.runtime } },
          "default-runtime": "onramp",
        }
      : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
