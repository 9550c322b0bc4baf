import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Dockerode from "dockerode";
import type { Engine } from "./engine.ts";

/** A Dockerode client for this engine, loaded when first asked for: the library takes 0.3 s to load. */
export async function connectDockerode(engine: Engine): Promise<Dockerode> {
  const { default: Client } = await import("dockerode");
  if (engine.socketPath !== undefined) return new Client({ socketPath: engine.socketPath });
  const { hostname, port } = new URL(engine.host);
  if (engine.certPath === undefined)
    return new Client({ host: hostname, port: port === "" ? 2375 : port });
  const read = (file: string): Buffer => readFileSync(join(engine.certPath ?? "", file));
  return new Client({
    protocol: "https",
    host: hostname,
    port: port === "" ? 2376 : port,
    ca: read("ca.pem"),
    cert: read("cert.pem"),
    key: read("key.pem"),
  });
}
