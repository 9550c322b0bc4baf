import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port of this machine's loopback on which nobody listens: the preferred one, else any. */
export async function freePort(preferred: number): Promise<number> {
  return (await listen(preferred)) ?? (await listen(0)) ?? preferred;
}

async function listen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    const { port: taken } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return taken;
  } catch {
    return undefined;
  }
}
