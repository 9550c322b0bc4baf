import type { Testbed } from "../docker/testbed.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { closeWay, createServiceAccount, openWay } from "./node-ways.ts";

/** What the cluster is called there. The certificate of its API server has the name. */
const alias = "kubernetes";

/**
 * A cluster's place on the grading's internal network: programs there reach its API server, and pods reach those
 * services there to which a way is opened, and nothing else.
 */
export class InternalNetwork implements AsyncDisposable {
  readonly #testbed: Testbed;
  readonly #node: ClusterNode;
  readonly #addresses: string[] = [];

  private constructor(testbed: Testbed, node: ClusterNode) {
    this.#testbed = testbed;
    this.#node = node;
  }

  static async join(testbed: Testbed, node: ClusterNode): Promise<InternalNetwork> {
    await testbed.join(node.id, alias);
    return new InternalNetwork(testbed, node);
  }

  /** Lets pods reach a service of the network; those of the namespace find it by the name that it has there. */
  async openWay(namespace: string, name: string): Promise<void> {
    const address = await this.#testbed.addressOf(name);
    this.#addresses.push(address);
    await openWay(this.#node, namespace, { name, address });
  }

  /**
   * Makes a service account in a namespace.
   * @returns the kubeconfig by which a program of the network is that account, as JSON
   */
  async createServiceAccount(namespace: string, name: string): Promise<string> {
    return createServiceAccount(this.#node, namespace, name, alias);
  }

  /** Leaves a network that others do not need any more, with a cluster that they do. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const address of this.#addresses) await closeWay(this.#node, address);
    await this.#testbed.leave(this.#node.id);
  }
}
