import { z } from "zod";
import { requestEngine } from "./engine-request.ts";
import { type Engine, type EngineLocation, ownEngineLabel, socketPathOf } from "./engine.ts";

/** What stands at a location. */
export type Probe =
  | { readonly status: "answers"; readonly engine: Engine }
  /** No socket there. */
  | { readonly status: "absent" }
  /** A socket that this user may not open. */
  | { readonly status: "forbidden"; readonly detail: string }
  /** A socket or address that nobody answers at. */
  | { readonly status: "silent"; readonly detail: string };

const engineInfo = z.object({
  ID: z.string().default(""),
  DockerRootDir: z.string().default(""),
  ServerVersion: z.string().default(""),
  OperatingSystem: z.string().default(""),
  Architecture: z.string().default(""),
  CgroupVersion: z.string().default("1"),
  MemTotal: z.number().default(0),
  NCPU: z.number().default(0),
  Labels: z.array(z.string()).nullish(),
});

const engineVersion = z.object({
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

const architectures: Readonly<Record<string, string>> = {
  x86_64: "x64",
  amd64: "x64",
  aarch64: "arm64",
  arm64: "arm64",
};

/** Asks what is at a location who it is; never throws for what the location holds. */
export async function probeEngine(location: EngineLocation, timeoutMs: number): Promise<Probe> {
  if (location.host.startsWith("ssh://")) {
    return {
      status: "silent",
      detail: "an engine behind ssh:// cannot be used: Testcontainers does not speak it",
    };
  }
  try {
    const [version, info] = await Promise.all([
      requestEngine(location, "/version", timeoutMs),
      requestEngine(location, "/info", timeoutMs),
    ]);
    if (version.status !== 200 || info.status !== 200) {
      const status = version.status === 200 ? info.status : version.status;
      return { status: "silent", detail: `${location.host} answered with HTTP status ${status}` };
    }
    return {
      status: "answers",
      engine: engineOf(location, JSON.parse(version.body), JSON.parse(info.body)),
    };
  } catch (error) {
    return refusal(location, error);
  }
}

function engineOf(location: EngineLocation, versionBody: unknown, infoBody: unknown): Engine {
  const version = engineVersion.parse(versionBody);
  const info = engineInfo.parse(infoBody);
  const socketPath = socketPathOf(location.host);
  const isPodman =
    version.Components?.some((component) => component.Name.startsWith("Podman")) ?? false;
  return {
    ...location,
    id: info.ID,
    name: isPodman ? "Podman" : "Docker",
    version: info.ServerVersion,
    apiVersion: version.ApiVersion,
    socketPath,
    dataRoot: info.DockerRootDir,
    isLocal: socketPath !== undefined,
    isOurs: info.Labels?.includes(ownEngineLabel) ?? false,
    os: info.OperatingSystem,
    architecture: architectures[info.Architecture] ?? info.Architecture,
    cgroupVersion: info.CgroupVersion === "2" ? 2 : 1,
    memoryBytes: info.MemTotal,
    cpus: info.NCPU,
  };
}

function refusal(location: EngineLocation, error: unknown): Probe {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return { status: "absent" };
  if (code === "EACCES" || code === "EPERM") {
    return { status: "forbidden", detail: `${location.host} may not be opened by this user` };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { status: "silent", detail: `nobody answers at ${location.host} (${reason})` };
}
