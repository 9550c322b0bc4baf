import { posix } from "node:path";
import { Readable } from "node:stream";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { pack } from "tar-stream";

/** What a command in the node has come to. */
export interface NodeResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams, in their order. */
  readonly output: string;
}

const apiPort = 6443;

/** The container that is a cluster's only node, whoever has started it. */
export class ClusterNode {
  readonly id: string;
  /** The administrator's configuration for clients on this machine, as YAML. */
  readonly kubeconfig: string;
  readonly #engine: Engine;
  readonly #container: Dockerode.Container;
  readonly #ports: ReadonlyMap<number, number>;

  private constructor(
    engine: Engine,
    container: Dockerode.Container,
    ports: ReadonlyMap<number, number>,
    kubeconfig: string,
  ) {
    this.id = container.id;
    this.kubeconfig = kubeconfig;
    this.#engine = engine;
    this.#container = container;
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

  /** Runs a command in the node. No shell reads it. */
  async exec(command: readonly string[]): Promise<NodeResult> {
    const { exitCode, stdout, all } = await this.#docker(["exec", this.id, ...command]);
    return { exitCode: exitCode ?? 1, stdout, output: all };
  }

  /**
   * Puts files into a directory of the node, which is made.
   * @param files by their paths in the directory
   */
  async copyIn(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
    const archive = pack();
    for (const [path, content] of files)
      archive.entry({ name: posix.join(directory, path).slice(1) }, content);
    archive.finalize();
    await this.#container.putArchive(Readable.from(archive), { path: "/" });
  }

  /**
   * Brings images of the engine to the node, in one archive, so that a layer which several of them share travels once.
   * @param images by what pods call them, with registry and tag: `docker.io/library/trip-api:1.4.0`
   */
  async loadImages(images: ReadonlyMap<string, string>): Promise<void> {
    const docker = await findDockerCli();
    const options = { env: dockerCliEnvironment(this.#engine) };
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

  /** Ends the node at once, as if its machine had lost its power. */
  async kill(): Promise<void> {
    await this.#container.kill();
  }

  async #docker(args: readonly string[]) {
    return execa(await findDockerCli(), args, {
      env: dockerCliEnvironment(this.#engine),
      stdin: "ignore",
      all: true,
      reject: false,
    });
  }
}
