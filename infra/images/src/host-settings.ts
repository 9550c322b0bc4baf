import { createHash } from "node:crypto";
import { hostCertificates } from "./host-certificates.ts";
import { hostMavenMirror } from "./host-maven-mirror.ts";
import { debianSources, hostDebianMirrors, hostNpmRegistry } from "./host-mirrors.ts";

/** What recipe images take over from the machine that builds them. */
export interface HostSettings {
  /** PEM. */
  readonly certificates: string;
  /** apt's sources, deb822; undefined for those that mmdebstrap knows itself. */
  readonly debianSources: string | undefined;
  /** Undefined where npm does not say. */
  readonly npmRegistry: string | undefined;
  /** Where recipes fetch jars, which their locks check: it leaves no trace in an image. */
  readonly mavenMirror: string;
  /** Changes when anything does that stays in an image. */
  readonly digest: string;
}

let settings: Promise<HostSettings> | undefined;

/** The settings of this machine, read once a process. */
export async function hostSettings(): Promise<HostSettings> {
  settings ??= read();
  return await settings;
}

async function read(): Promise<HostSettings> {
  const mirrors = hostDebianMirrors();
  const content = {
    certificates: hostCertificates(),
    debianSources: mirrors && debianSources(mirrors),
    npmRegistry: await hostNpmRegistry(),
  };
  return {
    ...content,
    mavenMirror: hostMavenMirror(),
    digest: createHash("sha256").update(JSON.stringify(content)).digest("hex"),
  };
}

/** The proxy variables that a build can use: those whose proxy is not on this machine's loopback address. */
export function proxyVariables(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
  return names.filter((name) => {
    const value = env[name];
    return (
      value !== undefined && value !== "" && !/\/\/([^/@]*@)?(localhost|127\.|\[::1\])/.test(value)
    );
  });
}
