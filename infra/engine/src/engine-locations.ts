import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { EngineLocation } from "./engine.ts";

/** What the search depends on; a test gives its own. */
export interface SearchSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly uid: number;
}

export const defaultSocket = "/var/run/docker.sock";

/**
 * Where an engine may be, first choice first: the order of Testcontainers (its properties file, DOCKER_HOST, the
 * default socket, rootless sockets), with the docker CLI's context and the sockets of desktop products added.
 * A place that somebody named (DOCKER_HOST, a property, a context) is the only one: whoever named it wants no other.
 */
export function engineLocations(surroundings: SearchSurroundings): EngineLocation[] {
  const named = namedLocation(surroundings);
  if (named !== undefined) return [named];
  const { env, home, platform, uid } = surroundings;
  if (platform === "win32") {
    return [
      {
        source: "the default pipe",
        host: "npipe:////./pipe/docker_engine",
        isFoundByOthers: true,
      },
    ];
  }
  const rootless = [
    ...(env["XDG_RUNTIME_DIR"] === undefined ? [] : [join(env["XDG_RUNTIME_DIR"], "docker.sock")]),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    `/run/user/${uid}/docker.sock`,
  ];
  const others = [
    join(home, ".colima/default/docker.sock"),
    join(home, ".config/colima/default/docker.sock"),
    join(home, ".orbstack/run/docker.sock"),
    join(home, ".rd/docker.sock"),
  ];
  return [
    { source: "the default socket", host: `unix://${defaultSocket}`, isFoundByOthers: true },
    ...[...new Set([...rootless, ...others])].map((path) => ({
      source: "a socket in the user's directories",
      host: `unix://${path}`,
      // The docker CLI looks at the default socket only.
      isFoundByOthers: false,
    })),
  ];
}

function namedLocation(surroundings: SearchSurroundings): EngineLocation | undefined {
  const { env, home } = surroundings;
  const properties = readProperties(join(home, ".testcontainers.properties"));
  const ofTestcontainers = properties.get("tc.host");
  if (ofTestcontainers !== undefined) {
    return {
      source: "tc.host in ~/.testcontainers.properties",
      host: ofTestcontainers,
      isFoundByOthers: false,
    };
  }
  const ofEnvironment = env["DOCKER_HOST"];
  if (ofEnvironment !== undefined && ofEnvironment !== "") {
    const certPath = env["DOCKER_TLS_VERIFY"] === undefined ? undefined : env["DOCKER_CERT_PATH"];
    return { source: "DOCKER_HOST", host: ofEnvironment, certPath, isFoundByOthers: true };
  }
  const ofProperties = properties.get("docker.host");
  if (ofProperties !== undefined) {
    const certPath =
      properties.get("docker.tls.verify") === "1" ? properties.get("docker.cert.path") : undefined;
    return {
      source: "docker.host in ~/.testcontainers.properties",
      host: ofProperties,
      certPath,
      isFoundByOthers: false,
    };
  }
  return contextLocation(surroundings);
}

const cliConfig = z.object({ currentContext: z.string().optional() });
const contextMeta = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/** The docker CLI's current context; its store is keyed by the SHA-256 of the context's name. */
function contextLocation({ env, home }: SearchSurroundings): EngineLocation | undefined {
  const folder = env["DOCKER_CONFIG"] ?? join(home, ".docker");
  const name =
    env["DOCKER_CONTEXT"] ??
    cliConfig.safeParse(readJson(join(folder, "config.json"))).data?.currentContext;
  if (name === undefined || name === "" || name === "default") return undefined;
  const key = createHash("sha256").update(name).digest("hex");
  const meta = contextMeta.safeParse(readJson(join(folder, "contexts/meta", key, "meta.json")));
  if (!meta.success) return undefined;
  const certPath = join(folder, "contexts/tls", key, "docker");
  return {
    source: `the docker context "${name}"`,
    host: meta.data.Endpoints.docker.Host,
    certPath: existsSync(certPath) ? certPath : undefined,
    isFoundByOthers: false,
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Absent, or not ours to judge: the docker CLI complains of a broken file by itself.
    return undefined;
  }
}

function readProperties(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map();
  const pairs = readFileSync(path, "utf8").matchAll(/^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/gm);
  return new Map(Array.from(pairs, (pair) => [pair[1] ?? "", pair[2] ?? ""]));
}
