import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { type EngineLocation, socketPathOf } from "./engine.ts";

/** An answer of an engine's API. */
export interface EngineAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One GET to an engine's API, without a client library: loading one takes longer than the answer.
 * Rejects with Node's own error (`ENOENT`, `EACCES`, `ECONNREFUSED`), or a TimeoutError after `timeoutMs`.
 */
export async function requestEngine(
  location: Pick<EngineLocation, "host" | "certPath">,
  path: string,
  timeoutMs: number,
): Promise<EngineAnswer> {
  const options = requestOptions(location);
  const client = options.ca === undefined ? http : https;
  return await new Promise((resolve, reject) => {
    const request = client.request(
      { ...options, path, signal: AbortSignal.timeout(timeoutMs), agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end();
  });
}

function requestOptions({
  host,
  certPath,
}: Pick<EngineLocation, "host" | "certPath">): https.RequestOptions {
  const socketPath = socketPathOf(host);
  if (socketPath !== undefined) return { socketPath };
  const { hostname, port } = new URL(host);
  const tls =
    certPath === undefined
      ? {}
      : {
          ca: readFileSync(join(certPath, "ca.pem")),
          cert: readFileSync(join(certPath, "cert.pem")),
          key: readFileSync(join(certPath, "key.pem")),
        };
  const usualPort = certPath === undefined ? 2375 : 2376;
  return { hostname, port: port === "" ? usualPort : Number(port), ...tls };
}
