import { expect, test } from "vitest";
import { normalizedCertificates } from "./host-certificates.ts";

const certificate = (body: string): string =>
  `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

test("gives the same text for the same certificates, whatever their order, breaks and remarks", () => {
  const one = `# Company\n${certificate("QUJD")}${certificate("REVG")}`;
  const other = `${certificate("RE\nVG")}${certificate("QUJD\r")}${certificate("REVG")}`;
  expect(normalizedCertificates(other)).toBe(normalizedCertificates(one));
  expect(normalizedCertificates(one)).toBe(certificate("QUJD") + certificate("REVG"));
});
