import { messageOf } from "@onramp/errors/onramp-error";
import { type StartedTestContainer, Wait } from "testcontainers";
import { Toxiproxy } from "toxiproxy-node-client";
import { gradingLabel } from "../docker/labels.ts";
import { lastLines } from "../docker/last-lines.ts";
import { LoopbackContainer } from "../docker/loopback-container.ts";
import { ServiceContainer } from "../docker/service-container.ts";
import type { Testbed } from "../docker/testbed.ts";
import { Door } from "./door.ts";

const faultProxyImage = "ghcr.io/shopify/toxiproxy:2.12.0";
const apiHost = "fault-proxy";
const apiPort = 8474;

/**
 * What stands between submissions and a service: Toxiproxy, under the service's name on the internal network. Every
 * program gets a door of its own, and a fault at one door is not felt at another.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #testbed: Testbed;
  readonly #containerId: string;
  readonly #client: Toxiproxy;
  readonly #name: string;
  readonly #freePorts: number[];

  constructor(
    testbed: Testbed,
    container: StartedTestContainer,
    { name, ports }: FaultProxyOptions,
  ) {
    this.#testbed = testbed;
    this.#containerId = container.getId();
    this.#client = new Toxiproxy(
      `http://${container.getHost()}:${container.getMappedPort(apiPort)}`,
    );
    this.#name = name;
    this.#freePorts = [...ports];
  }

  /**
   * Opens a door: whoever connects to its port of the service's name is passed on. It is closed at the end of its
   * scope, and its port is free for another.
   * @param upstreamOf where a port leads, as `address:port`
   */
  async openDoor(upstreamOf: (port: number) => string): Promise<Door> {
    const port = this.#freePorts.shift();
    if (port === undefined)
      throw new Error(`All doors to ${this.#name} are open at the same time.`);
    const options = {
      name: `${this.#name}-${port}`,
      listen: `0.0.0.0:${port}`,
      upstream: upstreamOf(port),
    };
    const proxy = await this.#client.createProxy(options).catch(async (error: unknown) => {
      // The client keeps the cause to itself; the proxy may have said it.
      const said = await lastLines(this.#testbed.dockerode, this.#containerId);
      const message = `No door to ${this.#name} opens: ${messageOf(error)}. Its proxy said last:`;
      throw new Error(`${message}\n${said}`, { cause: error });
    });
    const address = `${this.#name}:${port}`;
    return new Door(
      proxy,
      address,
      () => this.#testbed.log(this.#containerId),
      () => this.#freePorts.push(port),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#testbed.remove(this.#containerId);
  }
}

/** A service of a grading, with the fault proxy that stands before it. */
export interface ProxiedService {
  readonly container: ServiceContainer;
  /** Whether the service serves other gradings too, and outlives this one. */
  readonly isShared: boolean;
  readonly faultProxy: FaultProxy;
}

export interface FaultProxyOptions {
  /** The service's name on the internal network. */
  readonly name: string;
  /** The ports that doors get, one each. */
  readonly ports: readonly number[];
}

/**
 * Starts a service and a fault proxy that stands for it on the grading's internal network.
 * @param sharedId the service's container, where the grading was given one
 * @param start starts one of the grading's own on a network, and gives its container's id
 */
export async function startProxied(
  testbed: Testbed,
  options: FaultProxyOptions,
  sharedId: string | undefined,
  start: (network: string) => Promise<string>,
): Promise<ProxiedService> {
  const containerOf = async (id: string): Promise<ServiceContainer> =>
    ServiceContainer.of(testbed.engine, testbed.dockerode, id);
  const shared = sharedId === undefined ? undefined : await containerOf(sharedId);
  const network = shared?.network ?? (await testbed.serviceNetwork());
  const [container, faultProxy] = await Promise.all([
    shared ?? start(network).then(containerOf),
    startFaultProxy(testbed, options, network),
  ]);
  return { container, isShared: shared !== undefined, faultProxy };
}

async function startFaultProxy(
  testbed: Testbed,
  options: FaultProxyOptions,
  network: string,
): Promise<FaultProxy> {
  const container = await new LoopbackContainer(faultProxyImage)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    // Its API listens on the address that its host name stands for: the one on this network, which submissions do not reach.
    .withHostname(apiHost)
    .withNetworkMode(network)
    .withCommand([`-host=${apiHost}`])
    .withExposedPorts(apiPort)
    .withResourcesQuota({ memory: 0.25 })
    // Before it listens it says that it will; and its host name has a second address once it has joined.
    .withWaitStrategy(Wait.forHttp("/version", apiPort).withReadTimeout(200))
    .start();
  await testbed.join(container.getId(), options.name);
  return new FaultProxy(testbed, container, options);
}
