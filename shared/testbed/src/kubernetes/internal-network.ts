import { KubeConfig } from "@kubernetes/client-node";
import type { Testbed } from "../docker/testbed.ts";
import type { KubernetesService } from "./kubernetes-service.ts";
import { apiPort } from "./cluster-node.ts";

/** What the cluster is called there. The certificate of its API server has the name. */
const alias = "kubernetes";
/** Where the addresses of pods are. */
const podNetwork = "10.42.0.0/16";

/**
 * A cluster's place on the grading's internal network: programs there reach its API server, and pods reach those
 * services there to which a way is opened, and nothing else.
 */
export class InternalNetwork implements AsyncDisposable {
  readonly #testbed: Testbed;
  readonly #cluster: KubernetesService;
  readonly #rules: string[][] = [];

  private constructor(testbed: Testbed, cluster: KubernetesService) {
    this.#testbed = testbed;
    this.#cluster = cluster;
  }

  static async join(testbed: Testbed, cluster: KubernetesService): Promise<InternalNetwork> {
    await testbed.join(cluster.containerId, alias);
    return new InternalNetwork(testbed, cluster);
  }

  /** Lets pods reach a service of the network; those of the namespace find it by the name that it has there. */
  async openWay(namespace: string, name: string): Promise<void> {
    const address = await this.#testbed.addressOf(name);
    const { core, discovery } = this.#cluster.apis;
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { clusterIP: "None" } },
    });
    await discovery.createNamespacedEndpointSlice({
      namespace,
      body: {
        metadata: { name, labels: { "kubernetes.io/service-name": name } },
        addressType: "IPv4",
        endpoints: [{ addresses: [address] }],
        ports: [],
      },
    });
    await this.#addRule("filter", ["FORWARD", "--destination", address, "--jump", "ACCEPT"]);
    // Nobody there knows the way back to a pod: it speaks with the node's address.
    await this.#addRule("nat", [
      "POSTROUTING",
      "--source",
      podNetwork,
      "--destination",
      address,
      "--jump",
      "MASQUERADE",
    ]);
  }

  /**
   * Makes a service account in a namespace.
   * @returns the kubeconfig by which a program of the network is that account, as JSON
   */
  async createServiceAccount(namespace: string, name: string): Promise<string> {
    const { core } = this.#cluster.apis;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace,
      name,
      body: { spec: { audiences: [], expirationSeconds: 86_400 } },
    });
    const own = new KubeConfig();
    own.loadFromString(this.#cluster.node.kubeconfig);
    const certificate = own.getCurrentCluster()?.caData;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      {
        name: alias,
        server: `https://${alias}:${apiPort}`,
        ...(certificate === undefined ? {} : { caData: certificate }),
        skipTLSVerify: false,
      },
      { name, token: status?.token ?? "" },
    );
    return config.exportConfig();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rule of this.#rules) await this.#changeRules("--delete", rule);
    await this.#testbed.leave(this.#cluster.containerId);
  }

  async #addRule(table: string, rule: string[]): Promise<void> {
    const whole = [table, ...rule];
    await this.#changeRules("--insert", whole);
    this.#rules.push(whole);
  }

  async #changeRules(change: string, [table = "", ...rule]: readonly string[]): Promise<void> {
    // The official image has it off the usual path.
    const program = 'PATH=$PATH:/bin/aux exec iptables "$@"';
    const command = ["sh", "-c", program, "sh", "--table", table, change, ...rule];
    const { exitCode, output } = await this.#cluster.node.exec(command);
    if (exitCode !== 0) throw new Error(`The node's rules cannot be changed: ${output}`);
  }
}
