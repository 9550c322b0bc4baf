import type Dockerode from "dockerode";
import type { Engine } from "@onramp/engine/engine";
import { ToolContainer } from "./tool-container.ts";

/** A running container of a service, whoever has started it: this grading, or a run of many that share it. */
export class ServiceContainer extends ToolContainer {
  readonly #state: Dockerode.ContainerInspectInfo;

  constructor(
    engine: Engine,
    container: Dockerode.Container,
    state: Dockerode.ContainerInspectInfo,
  ) {
    super(engine, container);
    this.#state = state;
  }

  /** Looks at a container that has started. */
  static async of(engine: Engine, dockerode: Dockerode, id: string): Promise<ServiceContainer> {
    const container = dockerode.getContainer(id);
    return new ServiceContainer(engine, container, await container.inspect());
  }

  /** Where a port of the container is published, on this machine's loopback. */
  publishedPort(port: number): number {
    const published = this.#state.NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
    if (published === undefined)
      throw new Error(`${this.#state.Name} does not publish port ${port}.`);
    return Number(published);
  }

  /** The network that the container is on, where submissions do not get. */
  get network(): string {
    return this.#network.name;
  }

  /** The container's name on that network: no other ever has it, and it stands for nobody once the container has ended. */
  get hostname(): string {
    return this.id.slice(0, 12);
  }

  /** The container's address on that network, which goes to another when the container has ended. */
  get address(): string {
    return this.#network.address;
  }

  get #network(): { readonly name: string; readonly address: string } {
    const [network] = Object.entries(this.#state.NetworkSettings.Networks);
    if (network === undefined) throw new Error(`${this.#state.Name} is on no network.`);
    const [name, { IPAddress }] = network;
    return { name, address: IPAddress };
  }

  /** A variable of the container's environment. */
  variable(name: string): string {
    const prefix = `${name}=`;
    const line = this.#state.Config.Env.find((each) => each.startsWith(prefix));
    if (line === undefined) throw new Error(`${this.#state.Name} has no variable ${name}.`);
    return line.slice(prefix.length);
  }
}
