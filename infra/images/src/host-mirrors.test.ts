import { expect, test } from "vitest";
import { debianMirrors, debianSources, withoutCredentials } from "./host-mirrors.ts";

test("reads stanzas", () => {
  const sources = `Types: deb
# A comment.
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib

Types: deb
URIs: https://mirror.example/security
Suites: bookworm-security
Components: main

Types: deb
URIs: https://vendor.example/repo
Suites: nodistro
Components: main
`;
  expect(debianMirrors(sources)).toEqual({
    main: "https://mirror.example/debian",
    security: "https://mirror.example/security",
  });
});

test("reads lines, and takes no password along", () => {
  const sources = `deb [arch=amd64 signed-by=/k.gpg] https://user:secret@mirror.example/debian trixie main
deb-src http://elsewhere.example/debian trixie main
deb http://security.example/debian-security trixie-security main contrib
`;
  expect(debianMirrors(sources)).toEqual({
    main: "https://mirror.example/debian",
    security: "http://security.example/debian-security",
  });
});

test("leaves it to mmdebstrap where apt names no mirror", () => {
  expect(debianMirrors("deb cdrom:[x]/ bookworm main\n")).toBeUndefined();
});

test("writes a stanza for each mirror that there is", () => {
  const main = "https://mirror.example/debian";
  expect(debianSources({ main, security: "https://mirror.example/security" })).toMatch(
    /URIs: \S+\/debian\n[^]*URIs: \S+\/security\nSuites: bookworm-security\n/,
  );
  expect(debianSources({ main, security: undefined })).not.toContain("security");
});

test("takes user and password out of an address", () => {
  expect(withoutCredentials("https://user:secret@npm.example/path/")).toBe(
    "https://npm.example/path/",
  );
  expect(withoutCredentials("https://npm.example/@scope/")).toBe("https://npm.example/@scope/");
});
