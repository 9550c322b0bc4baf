import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hostMavenMirror, mavenMirror } from "./host-maven-mirror.ts";

const mirror = (of: string, url: string, more = ""): string =>
  `<mirror><id>m</id><mirrorOf>${of}</mirrorOf>\n  <url>${url}</url>${more}</mirror>`;

test.each([
  ["by name", mirror("central", "https://maven.example/central"), "https://maven.example/central"],
  ["of everything", mirror("*", "https://maven.example/all"), "https://maven.example/all"],
  [
    "by pattern",
    mirror("external:*,!internal", "https://maven.example/x"),
    "https://maven.example/x",
  ],
  ["in a list", mirror("other, central", "https://maven.example/x"), "https://maven.example/x"],
  ["of others", mirror("other", "https://maven.example/x"), undefined],
  ["of all others", mirror("*,!central", "https://maven.example/x"), undefined],
  [
    "that Maven brings to block plain HTTP",
    mirror("external:http:*", "http://0.0.0.0/", "<blocked>true</blocked>"),
    undefined,
  ],
  ["in a comment", `<!-- ${mirror("*", "https://maven.example/x")} -->`, undefined],
  ["whose address is a variable", mirror("*", `https://\${env.HOST}/x`), undefined],
])("a mirror %s", (_title, settings, expected) => {
  expect(mavenMirror(`<settings><mirrors>${settings}</mirrors></settings>`)).toBe(expected);
});

test("a mirror of central by name stands before a pattern", () => {
  const settings =
    mirror("*", "https://maven.example/all") + mirror("central", "https://maven.example/central");
  expect(mavenMirror(settings)).toBe("https://maven.example/central");
});

test("takes the variable, else the file, else Maven Central, and no password along", async () => {
  const folder = await mkdtemp(join(tmpdir(), "onramp-maven-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const file = join(folder, "settings.xml");
  expect(hostMavenMirror({}, file)).toBe("https://repo.maven.apache.org/maven2");
  await writeFile(file, mirror("*", "https://user:secret@maven.example/all/"));
  expect(hostMavenMirror({}, file)).toBe("https://maven.example/all");
  expect(hostMavenMirror({ ONRAMP_MAVEN_MIRROR: "" }, file)).toBe("https://maven.example/all");
  expect(hostMavenMirror({ ONRAMP_MAVEN_MIRROR: "https://me:pw@other.example/m2/" }, file)).toBe(
    "https://other.example/m2",
  );
});
