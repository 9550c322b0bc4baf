import { K3sContainer } from "@testcontainers/k3s";
import { publishOnLoopback } from "../docker/loopback-container.ts";

/** For the grader's client in the cluster: a Service of the type NodePort has it. */
export const clientPort = 32_749;
const nodeImage = "rancher/k3s:v1.34.4-k3s1";
/**
 * How long a node collects what it hears of pods before it changes its rules, in milliseconds. Nodes of large clusters
 * do so; on a small one the news would be there before the pod has ended, and nobody would see who does not wait for it.
 */
export const newsMs = 3000;
/** What the pods of a node may take together; the node's own components have a limit of their own. */
const podMemoryBytes = 6 * 1024 ** 3;
const podProcesses = 4096;

/**
 * Gives the pods a control group of their own, `$1`: kubelets that share the machine's would end each other's pods.
 * A process that does nothing holds it from the first moment on, because every node removes the groups of those that
 * are gone. Then keeps pods from reaching anything but their cluster, and goes on as the image would.
 */
const startInOwnGroup = `
group=$1; shift
cd /sys/fs/cgroup
find . -depth -type d -path '*/onramp-node-*' -exec rmdir {} + 2> /dev/null
sleep infinity & holder=$!
if [ -f cgroup.controllers ]; then
  sed 's/[a-z]*/+&/g' cgroup.controllers > cgroup.subtree_control
  until mkdir -p "$group/holder" && echo $holder > "$group/holder/cgroup.procs"; do :; done
  echo ${podMemoryBytes} > "$group/memory.max"
  echo ${podProcesses} > "$group/pids.max"
else
  for controller in */; do
    until mkdir -p "$controller$group/holder" && for inner in "$controller$group" "$controller$group/holder"; do
      [ ! -f "$inner/cpuset.cpus" ] || { cat cpuset/cpuset.cpus > "$inner/cpuset.cpus" && cat cpuset/cpuset.mems > "$inner/cpuset.mems"; }
    done && echo $holder > "$controller$group/holder/cgroup.procs"; do :; done
  done
  echo ${podMemoryBytes} > "memory/$group/memory.limit_in_bytes"
  echo ${podProcesses} > "pids/$group/pids.max"
fi
PATH=$PATH:/bin/aux iptables --insert FORWARD --in-interface cni0 ! --out-interface cni0 --match conntrack --ctstate NEW --jump REJECT
exec /bin/k3s "$@"`;

/** The command of a node's container. What k3s brings beyond Kubernetes itself is off. */
export function nodeCommand(name: string): {
  readonly entrypoint: string[];
  readonly command: string[];
} {
  const group = `onramp-node-${name}`;
  return {
    entrypoint: ["/bin/sh", "-c", startInOwnGroup, "sh", group],
    command: [
      "server",
      "--disable=traefik,servicelb,metrics-server,local-storage",
      "--disable-network-policy",
      "--disable-helm-controller",
      // Its own, and one by which a namespace is kept off all nodes.
      "--kube-apiserver-arg=enable-admission-plugins=NodeRestriction,PodNodeSelector",
      `--kubelet-arg=cgroup-root=/${group}`,
      `--kube-proxy-arg=iptables-min-sync-period=${newsMs / 1000}s`,
    ],
  };
}

/** What the node's own components may take, in bytes. */
export const nodeMemoryBytes = 2 * 1024 ** 3;
/** What the node is called in its cluster. */
export const nodeName = "node";

/** One node of Kubernetes that is the whole cluster. */
export class NodeContainer extends K3sContainer {
  /** @param name another one for each node of this machine */
  constructor(name: string) {
    super(nodeImage);
    const { entrypoint, command } = nodeCommand(name);
    this.withEntrypoint(entrypoint)
      .withCommand(command)
      .withExposedPorts(clientPort)
      .withHostname(nodeName)
      .withResourcesQuota({ memory: nodeMemoryBytes / 1024 ** 3 });
  }

  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated();
    // On a busy machine the cluster comes first: news of a pod that ends must not be late for want of it.
    Object.assign(this.hostConfig, { CpuShares: 4096 });
    publishOnLoopback(this.hostConfig.PortBindings);
  }
}
