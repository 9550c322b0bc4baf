import { existsSync, readFileSync } from "node:fs";

const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * Every certificate that this machine trusts, as one PEM text: the system's bundle and the files that
 * NODE_EXTRA_CA_CERTS and SSL_CERT_FILE name. Sorted and without doubles, so that the same trust gives the same text.
 */
export function hostCertificates(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const system = systemBundles.find((path) => existsSync(path));
  const files = [system, env["NODE_EXTRA_CA_CERTS"], env["SSL_CERT_FILE"]].filter(
    (path) => path !== undefined && path !== "" && existsSync(path),
  );
  return normalizedCertificates(files.map((path) => readFileSync(path ?? "", "utf8")).join("\n"));
}

/** The certificates of a PEM text, sorted, without doubles and without the words between them. */
export function normalizedCertificates(pem: string): string {
  const bodies = Array.from(
    pem.matchAll(/-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/g),
    (match) => (match[1] ?? "").replaceAll(/\s/g, ""),
  );
  return [...new Set(bodies)]
    .toSorted()
    .map(
      (body) =>
        `-----BEGIN CERTIFICATE-----\n${body.replaceAll(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`,
    )
    .join("");
}
