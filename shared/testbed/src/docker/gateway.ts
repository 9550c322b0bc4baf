import { randomBytes } from "node:crypto";
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

/** Does not pass packets on: a container beside it could name it as its way out. */
class GatewayContainer extends LoopbackContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated();
    Object.assign(this.hostConfig, { Sysctls: { "net.ipv4.ip_forward": "0" } });
  }
}

/**
 * Makes the grading's internal network, and a small proxy that is on it and on loopback. A submission reaches the proxy
 * too, so that it works for the grader alone, which knows its password.
 */
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
  const password = randomBytes(16).toString("hex");
  const proxy = await new GatewayContainer(image)
    .withLabels(labels)
    .withEnvironment({ PASSWORD: password })
    .withEntrypoint(["node", "--input-type=module", "--eval", program])
    .withExposedPorts(proxyPort)
    .withResourcesQuota({ memory: 0.125 })
    .withWaitStrategy(Wait.forLogMessage("Gateway listens"))
    .start();
  await client.container.dockerode.getNetwork(network).connect({ Container: proxy.getId() });
  const via = {
    host: proxy.getHost(),
    port: proxy.getMappedPort(proxyPort),
    headers: { "proxy-authorization": password },
  };
  return {
    network,
    connect: (address, port, signal) => openTunnel(via, `${address}:${port}`, signal),
  };
}

async function openTunnel(
  via: { host: string; port: number; headers: Record<string, string> },
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
