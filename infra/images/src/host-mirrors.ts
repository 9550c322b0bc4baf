import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Where Debian packages come from. */
export interface DebianMirrors {
  readonly main: string;
  /** Undefined where apt names none. */
  readonly security: string | undefined;
}

/** The mirrors that this machine's apt uses, where it is a Debian; undefined for those that mmdebstrap knows itself. */
export function hostDebianMirrors(
  env: Readonly<Record<string, string | undefined>> = process.env,
): DebianMirrors | undefined {
  const named = env["ONRAMP_DEBIAN_MIRROR"];
  if (named !== undefined && named !== "") {
    const main = withoutCredentials(named).replace(/\/$/, "");
    return { main, security: `${main}-security` };
  }
  const isDebian =
    existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  return isDebian ? debianMirrors(readSources()) : undefined;
}

/** The mirrors named in apt's sources, in either of their two formats; undefined where none is. */
export function debianMirrors(sources: string): DebianMirrors | undefined {
  const entries = [...oneLineEntries(sources), ...stanzaEntries(sources)].filter(
    ({ uri, components }) => components.includes("main") && /^https?:/.test(uri),
  );
  const isSecurity = (suite: string): boolean => suite.endsWith("-security");
  // A suite of another archive, a vendor's, has no `-updates` or `-security` and another name.
  const isRelease = (suite: string): boolean =>
    /^(stable|bookworm|trixie|bullseye)(-updates)?$/.test(suite);
  const main = entries.find(({ suites }) => suites.some(isRelease))?.uri;
  const security = entries.find(({ suites }) => suites.some(isSecurity))?.uri;
  if (main === undefined) return undefined;
  return { main: withoutCredentials(main), security: security && withoutCredentials(security) };
}

/** Sources for the image, as Debian's own image has them. */
export function debianSources({ main, security }: DebianMirrors): string {
  const stanza = (uri: string, suites: string): string =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  const updates = security === undefined ? "" : `\n${stanza(security, "bookworm-security")}`;
  return `${stanza(main, "bookworm bookworm-updates")}${updates}`;
}

/** The npm registry that this machine uses, or undefined where npm does not say. */
export async function hostNpmRegistry(): Promise<string | undefined> {
  // In the home directory: a project's .npmrc is about that project.
  const result = await execa("npm", ["config", "get", "registry"], {
    cwd: homedir(),
    reject: false,
    timeout: 10_000,
  });
  const registry = result.stdout?.trim() ?? "";
  if (result.failed || !URL.canParse(registry)) return undefined;
  return withoutCredentials(registry);
}

/** The address without user and password: images are passed on, and hold no secrets. */
export function withoutCredentials(address: string): string {
  return address.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}

interface SourceEntry {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

function oneLineEntries(sources: string): SourceEntry[] {
  return Array.from(
    sources.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm),
    (match) => ({
      uri: match[1] ?? "",
      suites: [match[2] ?? ""],
      components: (match[3] ?? "").split(/\s+/),
    }),
  );
}

function stanzaEntries(sources: string): SourceEntry[] {
  return sources.split(/\n\s*\n/).flatMap((stanza) => {
    const words = (field: string): string[] =>
      new RegExp(`^${field}:[ \\t]*(.+)$`, "m").exec(stanza)?.[1]?.split(/\s+/) ?? [];
    if (!words("Types").includes("deb") || words("Enabled").includes("no")) return [];
    return words("URIs").map((uri) => ({
      uri,
      suites: words("Suites"),
      components: words("Components"),
    }));
  });
}

function readSources(): string {
  const folder = "/etc/apt/sources.list.d";
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  const paths = ["/etc/apt/sources.list", ...files.map((name) => join(folder, name))];
  return paths
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n\n");
}
