import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withoutCredentials } from "./host-mirrors.ts";

const mavenCentral = "https://repo.maven.apache.org/maven2";

/**
 * The address of the Maven repository that stands for Maven Central on this machine, without a slash at its end:
 * ONRAMP_MAVEN_MIRROR, else the mirror of `~/.m2/settings.xml`, else Maven Central itself.
 */
export function hostMavenMirror(
  env: Readonly<Record<string, string | undefined>> = process.env,
  settingsFile: string = join(homedir(), ".m2/settings.xml"),
): string {
  const named = env["ONRAMP_MAVEN_MIRROR"];
  const mirror =
    named !== undefined && named !== ""
      ? named
      : existsSync(settingsFile) && mavenMirror(readFileSync(settingsFile, "utf8"));
  return withoutCredentials(mirror || mavenCentral).replace(/\/+$/, "");
}

/**
 * The address of the mirror of `central` in a settings.xml, chosen as Maven does: a mirror of `central` by name stands
 * before one by pattern. Undefined where there is none, and for one that is blocked or holds a variable.
 * Source: https://maven.apache.org/guides/mini/guide-mirror-settings.html
 */
export function mavenMirror(settings: string): string | undefined {
  const mirrors = Array.from(
    settings.replaceAll(/<!--[^]*?-->/g, "").matchAll(/<mirror>([^]*?)<\/mirror>/g),
    ([, body = ""]) => ({
      of: element(body, "mirrorOf"),
      url: element(body, "url"),
      isBlocked: element(body, "blocked") === "true",
    }),
  ).filter(({ url, isBlocked }) => !isBlocked && /^https?:\/\/[^$]+$/.test(url));
  const byName = mirrors.find(({ of }) => of === "central");
  return (byName ?? mirrors.find(({ of }) => isPatternOfCentral(of)))?.url;
}

function isPatternOfCentral(pattern: string): boolean {
  const words = pattern.split(",").map((word) => word.trim());
  return (
    !words.includes("!central") &&
    ["central", "*", "external:*"].some((word) => words.includes(word))
  );
}

function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
  return text.trim().replaceAll("&amp;", "&");
}
