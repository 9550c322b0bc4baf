import { posix } from "node:path";
import {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  KubernetesObjectApi,
} from "@kubernetes/client-node";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { eventually } from "@onramp/grading/eventually";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { gradingLabel } from "../docker/labels.ts";
import { type DiskWatch, watchDisk } from "../docker/disk-watch.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import type { CommandResult, Files } from "../docker/tool-container.ts";
import { addressPolicy } from "./address-policy.ts";
import type { Cluster, ClusterApis } from "./cluster.ts";
import { ClusterNode } from "./cluster-node.ts";
import { Namespace, type NamespaceOptions } from "./namespace.ts";
import { InternalNetwork } from "./internal-network.ts";
import { NodeContainer, nodeName } from "./node-container.ts";
import { isReady } from "./pod-state.ts";
import { SteadyKubeConfig } from "./steady-kube-config.ts";
import { startTicker } from "./ticker.ts";

/** How long a new cluster may take to answer names, in milliseconds. */
const dnsLimitMs = 60_000;
/** After so many seconds a `kubectl` is ended. */
const kubectlLimitS = 60;
/**
 * What a `kubectl` may take, in KiB. It shares the node's memory with the node's own components, and where all of that
 * is taken the kernel ends one of them: a few lines of YAML would end the cluster.
 */
const kubectlMemoryKib = 512 * 1024;
const limitedKubectl = `ulimit -d ${kubectlMemoryKib}; exec kubectl "$@"`;

/** What the disk may lose while a grading has its cluster, in bytes: images and the work of others are in it. */
const podDiskBytes = 8 * 1024 ** 3;

/** The testbed service `kubernetes`: one real cluster, with a namespace of its own for each check. */
export class KubernetesService implements StartedService, Cluster {
  readonly apis: ClusterApis;
  readonly node: ClusterNode;
  readonly #testbed: Testbed;
  readonly #isShared: boolean;
  readonly #namespaces: Namespace[] = [];
  readonly #disk: DiskWatch;
  #ticker: AsyncDisposable | undefined;
  #internalNetwork: Promise<InternalNetwork> | undefined;

  /** @param isShared whether the cluster serves other gradings too, and outlives this one */
  constructor(testbed: Testbed, node: ClusterNode, isShared: boolean) {
    this.#testbed = testbed;
    this.node = node;
    this.#isShared = isShared;
    // Nothing in the cluster limits what its pods write. A node that is gone by now needs no end.
    this.#disk = watchDisk(testbed.engine, podDiskBytes);
    this.#disk.signal.addEventListener("abort", () => void node.kill().catch(() => {}));
    const config = new SteadyKubeConfig();
    config.loadFromString(node.kubeconfig);
    this.apis = {
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      authorization: config.makeApiClient(AuthorizationV1Api),
      batch: config.makeApiClient(BatchV1Api),
      discovery: config.makeApiClient(DiscoveryV1Api),
      objects: KubernetesObjectApi.makeApiClient(config),
    };
  }

  /**
   * Makes a namespace with a quota and a user who may do in it what a team may. It is deleted at the end of its scope,
   * and with the service at the latest; nobody waits until it is gone.
   */
  async createNamespace(options: NamespaceOptions): Promise<Namespace> {
    const namespace = new Namespace(this, options);
    this.#namespaces.push(namespace);
    await namespace.create();
    return namespace;
  }

  /** The cluster's place on the grading's internal network, which it takes when somebody asks. */
  async internalNetwork(): Promise<InternalNetwork> {
    this.#internalNetwork ??= InternalNetwork.join(this.#testbed, this.node);
    return this.#internalNetwork;
  }

  get containerId(): string {
    return this.node.id;
  }

  async kubectl(args: readonly string[]): Promise<CommandResult> {
    return this.node.execWithin(kubectlLimitS, ["sh", "-c", limitedKubectl, "kubectl", ...args]);
  }

  async killContainer(id: string): Promise<void> {
    const { exitCode, output } = await this.node.exec([
      "ctr",
      "tasks",
      "kill",
      "--all",
      "--signal=SIGKILL",
      id,
    ]);
    // One that has ended meanwhile is as dead.
    if (exitCode !== 0 && !/not found|already finished/.test(output))
      throw new Error(`The container cannot be killed: ${output}`);
  }

  async copyIn(name: string, files: Files): Promise<string> {
    const directory = posix.join("/tmp/onramp", this.#testbed.job.gradingId, name);
    await this.node.copyIn(directory, files);
    return directory;
  }

  async diagnose(): Promise<OnrampError | undefined> {
    const fault = await this.#testbed.diagnose();
    if (fault !== undefined) return fault;
    if (this.#disk.signal.aborted) {
      const message = `The Kubernetes node was ended: the disk lost more than ${podDiskBytes / 1024 ** 3} GiB in this grading.`;
      return new OnrampError("SERVICE_DIED", message);
    }
    try {
      const node = await this.apis.core.readNode({ name: nodeName });
      const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
      if (ready?.status === "True") return undefined;
      const message = `The Kubernetes node is not ready: ${ready?.message ?? "it does not say why"}.`;
      return new OnrampError("SERVICE_DIED", message);
    } catch (error) {
      const message = `The Kubernetes API does not answer: ${messageOf(error)}.`;
      return new OnrampError("SERVICE_DIED", message);
    }
  }

  /** Waits until names are answered: pods of the first check would ask too early. */
  async untilNamesAreAnswered(): Promise<void> {
    await eventually(
      "CoreDNS is ready",
      async () => {
        const { items } = await this.apis.core.listNamespacedPod({
          namespace: "kube-system",
          labelSelector: "k8s-app=kube-dns",
        });
        const ready = items.filter((pod) => isReady(pod));
        return { done: ready.length > 0, seen: `${ready.length} of ${items.length} pods` };
      },
      { withinMs: dnsLimitMs },
    );
  }

  /** Makes this the one that keeps the node's proxy busy. */
  async keepProxyBusy(): Promise<void> {
    this.#ticker = await startTicker(this.apis.discovery);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { job } = this.#testbed;
    this.#disk[Symbol.dispose]();
    await this.#ticker?.[Symbol.asyncDispose]();
    if (!this.#isShared) await this.#testbed.remove(this.node.id);
    else if (!job.keep) {
      // Others work in the same cluster, which may also be gone.
      await Promise.allSettled([
        ...this.#namespaces.map(async (namespace) => namespace[Symbol.asyncDispose]()),
        this.#internalNetwork?.then(async (network) => network[Symbol.asyncDispose]()),
      ]);
    }
    await this.#testbed[Symbol.asyncDispose]();
  }
}

/**
 * Starts the service `kubernetes` for a grading, or takes the cluster that the grading was given.
 * @param fill brings to a new cluster what is its own, beside the wait for names
 * @throws {OnrampError} SERVICE_DIED when the node does not start
 */
export async function startKubernetes(
  job: GradingJob,
  fill?: (cluster: KubernetesService) => Promise<void>,
): Promise<KubernetesService> {
  return startOn(job, "Kubernetes", async (testbed) => {
    const { engine, dockerode } = testbed;
    const sharedId = job.sharedServices["kubernetes"];
    const node = await ClusterNode.of(
      engine,
      dockerode,
      sharedId ?? (await startNode(job.gradingId)),
    );
    const service = new KubernetesService(testbed, node, sharedId !== undefined);
    if (sharedId === undefined) {
      for (const object of addressPolicy) await service.apis.objects.create(object);
      await Promise.all([service.untilNamesAreAnswered(), fill?.(service)]);
      await service.keepProxyBusy();
    }
    return service;
  });
}

async function startNode(gradingId: string): Promise<string> {
  const container = await new NodeContainer(gradingId)
    .withLabels({ [gradingLabel]: gradingId })
    .start();
  return container.getId();
}
