import { type StartedTestContainer, Wait } from "testcontainers";
import { Toxiproxy } from "toxiproxy-node-client";
import { gradingLabel } from "../docker/labels.ts";
import { LoopbackContainer } from "../docker/loopback-container.ts";
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
    const proxy = await this.#client.createProxy({
      name: `${this.#name}-${port}`,
      listen: `0.0.0.0:${port}`,
      upstream: upstreamOf(port),
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

export interface FaultProxyOptions {
  /** The service's name on the internal network. */
  readonly name: string;
  /** The ports that doors get, one each. */
  readonly ports: readonly number[];
}

/** Starts a fault proxy that stands for a service on the grading's internal network. */
export async function startFaultProxy(
  testbed: Testbed,
  options: FaultProxyOptions,
): Promise<FaultProxy> {
  const container = await new LoopbackContainer(faultProxyImage)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    // Its API listens on the address that its host name stands for: the one on the bridge, which submissions do not reach.
    .withHostname(apiHost)
    .withCommand([`-host=${apiHost}`])
    .withExposedPorts(apiPort)
    .withResourcesQuota({ memory: 0.25 })
    .withWaitStrategy(Wait.forLogMessage("Starting Toxiproxy HTTP server"))
    .start();
  await testbed.join(container.getId(), options.name);
  return new FaultProxy(testbed, container, options);
}
