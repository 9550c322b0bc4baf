import { expect, test } from "vitest";
import { looksLikeNetworkTrouble } from "./registry-canary.ts";

test.each([
  "npm error code ENOTFOUND",
  "npm error errno ECONNRESET",
  "npm error code SELF_SIGNED_CERT_IN_CHAIN",
  "npm error code E503",
  "npm error Exit handler never called!",
  "npm error 502 Bad Gateway - GET",
  "E: Failed to fetch http://archive.example/debian/pool/x.deb",
  "Err:1 Temporary failure resolving 'archive.example'",
  "net/http: TLS handshake timeout",
])("%s could be a registry that is away", (line) => {
  expect(looksLikeNetworkTrouble(`#7 1.2 ${line}\n`)).toBe(true);
});

test.each([
  "npm error code EUSAGE",
  "npm error code E404",
  "#1 sha256:6c06e4842b2baea9e5007793f0ff9adb06c8e502bf087dd6b13d60eaebd59f18",
  "src/app.ts(3,1): error TS2304: Cannot find name 'x'.",
])("%s is none", (line) => {
  expect(looksLikeNetworkTrouble(`#7 1.2 ${line}\n`)).toBe(false);
});
