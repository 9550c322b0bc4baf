import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { type ContainerRuntimeClient, Wait } from "testcontainers";
import { gradingLabel } from "./labels.ts";
import { LoopbackContainer } from "./loopback-container.ts";

/** The way from the grader to containers that have no way out themselves. */
export interface Gateway {
  /** The internal network's name: containers on it reach each other and nothing else, not even this machine. */
  readonly network: string;
  /** Opens a TCP connection to a container on the network. */
  connect(address: string, port: number, signal: AbortSignal): Promise<Socket>;
}

const proxyPort = 8081;

/** Makes the grading's internal network, and a small proxy that is on it and on loopback. */
export async function startGateway(
  client: ContainerRuntimeClient,
  image: string,
  gradingId: string,
): Promise<Gateway> {
  const network = `onramp-${gradingId}`;
  const labels = { [gradingLabel]: gradingId };
  await client.container.dockerode.createNetwork({
    Name: network,
    Internal: true,
    Labels: labels,
    CheckDuplicate: true,
    // An internal network still reaches this machine by its bridge's address: let the bridge have none.
    Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
  });
  const program = await readFile(new URL("./gateway-program.mjs", import.meta.url), "utf8");
  const proxy = await new LoopbackContainer(image)
    .withLabels(labels)
    .withEntrypoint(["node", "--input-type=module", "--eval", program])
    .withExposedPorts(proxyPort)
    .withResourcesQuota({ memory: 0.125 })
    .withWaitStrategy(Wait.forLogMessage("Gateway listens"))
    .start();
  await client.container.dockerode.getNetwork(network).connect({ Container: proxy.getId() });
  const via = { host: proxy.getHost(), port: proxy.getMappedPort(proxyPort) };
  return {
    network,
    connect: (address, port, signal) => openTunnel(via, `${address}:${port}`, signal),
  };
}

async function openTunnel(
  via: { host: string; port: number },
  path: string,
  signal: AbortSignal,
): Promise<Socket> {
  const connecting: ClientRequest = request({ ...via, method: "CONNECT", path, signal });
  connecting.end();
  const [response, socket] = (await once(connecting, "connect")) as [IncomingMessage, Socket];
  if (response.statusCode === 200) return socket;
  socket.destroy();
  throw new Error(
    response.statusMessage === "ECONNREFUSED"
      ? "connection refused"
      : `no connection (${response.statusMessage})`,
  );
}
