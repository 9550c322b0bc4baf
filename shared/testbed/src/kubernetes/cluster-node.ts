import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { ServiceContainer } from "../docker/service-container.ts";

export const apiPort = 6443;

/** The container that is a cluster's only node, whoever has started it. */
export class ClusterNode extends ServiceContainer {
  /** The administrator's configuration for clients on this machine, as YAML. */
  readonly kubeconfig: string;

  constructor(
    engine: Engine,
    container: Dockerode.Container,
    state: Dockerode.ContainerInspectInfo,
    givenConfig: string,
  ) {
    super(engine, container, state);
    const server = `server: https://127.0.0.1:${this.publishedPort(apiPort)}`;
    this.kubeconfig = givenConfig.replace(/server: \S+/, server);
  }

  /**
   * Looks at a node that is ready.
   * @throws {Error} while it is not
   */
  static override async of(engine: Engine, dockerode: Dockerode, id: string): Promise<ClusterNode> {
    const container = dockerode.getContainer(id);
    const state = await container.inspect();
    const node = new ServiceContainer(engine, container, state);
    const { exitCode, stdout, output } = await node.exec(["cat", "/etc/rancher/k3s/k3s.yaml"]);
    if (exitCode !== 0) throw new Error(`The node has no kubeconfig: ${output}`);
    return new ClusterNode(engine, container, state, stdout);
  }

  /** The private key of the cluster's administrator, in base64. */
  get administratorKey(): string {
    const [, key] = /client-key-data: (\S+)/.exec(this.kubeconfig) ?? [];
    if (key === undefined) throw new Error("The node's kubeconfig has no client-key-data.");
    return key;
  }

  /** Where a port of the node is published on this machine: `http://127.0.0.1:32768`. */
  originOf(port: number): string {
    return `http://127.0.0.1:${this.publishedPort(port)}`;
  }

  /** Whether the node has an image, by what pods call it. */
  async hasImage(ref: string): Promise<boolean> {
    const { stdout } = await this.exec(["ctr", "images", "ls", "--quiet", `name==${ref}`]);
    return stdout.trim() !== "";
  }

  /**
   * Brings images of the engine to the node, in one archive, so that a layer which several of them share travels once.
   * @param images by what pods call them, with registry and tag: `docker.io/library/trip-api:1.4.0`
   */
  async loadImages(images: ReadonlyMap<string, string>): Promise<void> {
    const docker = await findDockerCli();
    const options = { env: dockerCliEnvironment(this.engine) };
    const sources = [...new Set(images.values())];
    const saving = execa(docker, ["save", ...sources], { ...options, buffer: { stdout: false } });
    const command = ["exec", "--interactive", this.id, "ctr", "images", "import", "-"];
    // From process to process: hundreds of megabytes through this one are two seconds of a processor.
    const importing = execa(docker, command, { ...options, stdin: saving.stdout });
    saving.stdout.destroy();
    await Promise.all([saving, importing]);
    for (const [ref, image] of images) {
      // As the node reads a name without a registry.
      const imported = `docker.io/${image.includes("/") ? "" : "library/"}${image}`;
      const tagged = await this.exec(["ctr", "images", "tag", "--force", imported, ref]);
      if (tagged.exitCode !== 0)
        throw new Error(`The node does not tag ${imported} as ${ref}: ${tagged.output}`);
    }
  }
}
