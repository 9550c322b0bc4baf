import { expect, test } from "vitest";
import { isUnreachable, registryOf } from "./registry-reachability.ts";

test.each([
  'Get "https://registry.example/v2/": dial tcp: lookup registry.example on 10.0.0.1:53: no such host',
  'Get "https://registry.example/v2/": net/http: TLS handshake timeout',
  'Get "https://registry.example/v2/": x509: certificate signed by unknown authority',
  "Get https://registry.example/v2/: net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
])("unreachable: %s", (message) => expect(isUnreachable(message)).toBe(true));

test.each([
  "manifest for apache/kafka:9 not found: manifest unknown: manifest unknown",
  "pull access denied for onramp/none, repository does not exist or may require 'docker login'",
  "toomanyrequests: You have reached your pull rate limit.",
])("reachable, without the image: %s", (message) => expect(isUnreachable(message)).toBe(false));

test.each([
  ["node:24", "docker.io"],
  ["apache/kafka:4.1.1", "docker.io"],
  ["ghcr.io/shopify/toxiproxy:2.12.0", "ghcr.io"],
  ["localhost:5000/tool:1", "localhost:5000"],
])("%s comes from %s", (ref, expected) => expect(registryOf(ref)).toBe(expected));
