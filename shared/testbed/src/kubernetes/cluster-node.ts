import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { ToolContainer } from "../docker/tool-container.ts";

export const apiPort = 6443;

/** The container that is a cluster's only node, whoever has started it. */
export class ClusterNode extends ToolContainer {
  /** The administrator's configuration for clients on this machine, as YAML. */
  readonly kubeconfig: string;
  readonly #ports: ReadonlyMap<number, number>;

  private constructor(
    engine: Engine,
    container: Dockerode.Container,
    ports: ReadonlyMap<number, number>,
    kubeconfig: string,
  ) {
    super(engine, container);
    this.kubeconfig = kubeconfig;
    this.#ports = ports;
  }

  /** Finds out how a node is reached that is ready. */
  static async of(engine: Engine, dockerode: Dockerode, id: string): Promise<ClusterNode> {
    const container = dockerode.getContainer(id);
    const { NetworkSettings } = await container.inspect();
    const ports = new Map(
      Object.entries(NetworkSettings.Ports).map(([inner, published]) => [
        Number.parseInt(inner, 10),
        Number(published?.[0]?.HostPort),
      ]),
    );
    const docker = await findDockerCli();
    const { stdout } = await execa(docker, ["exec", id, "cat", "/etc/rancher/k3s/k3s.yaml"], {
      env: dockerCliEnvironment(engine),
    });
    const server = `server: https://127.0.0.1:${ports.get(apiPort)}`;
    const kubeconfig = stdout.replace(/server: \S+/, server);
    return new ClusterNode(engine, container, ports, kubeconfig);
  }

  /** Where a port of the node is published on this machine: `http://127.0.0.1:32768`. */
  originOf(port: number): string {
    return `http://127.0.0.1:${this.#ports.get(port)}`;
  }

  /**
   * Brings images of the engine to the node, in one archive, so that a layer which several of them share travels once.
   * @param images by what pods call them, with registry and tag: `docker.io/library/trip-api:1.4.0`
   */
  async loadImages(images: ReadonlyMap<string, string>): Promise<void> {
    const docker = await findDockerCli();
    const options = { env: dockerCliEnvironment(this.engine) };
    const sources = [...new Set(images.values())];
    await execa(docker, ["save", ...sources], { ...options, buffer: { stdout: false } }).pipe(
      docker,
      ["exec", "--interactive", this.id, "ctr", "images", "import", "-"],
      options,
    );
    for (const [ref, image] of images) {
      // As the node reads a name without a registry.
      const imported = `docker.io/${image.includes("/") ? "" : "library/"}${image}`;
      const tagged = await this.exec(["ctr", "images", "tag", "--force", imported, ref]);
      if (tagged.exitCode !== 0)
        throw new Error(`The node does not tag ${imported} as ${ref}: ${tagged.output}`);
    }
  }
}
