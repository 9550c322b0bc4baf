// How programs outside a cluster and pods in it find each other: none of them does by itself.
import { KubeConfig, type KubernetesObject } from "@kubernetes/client-node";
import { apiPort, type ClusterNode } from "./cluster-node.ts";

/** Where the addresses of pods are. */
const podNetwork = "10.42.0.0/16";

/** A service outside the cluster. */
export interface Outside {
  /** By which pods find it. */
  readonly name: string;
  readonly address: string;
}

/** A rule of the node's packet filter: its table, then what iptables takes after `--insert`. */
type Rule = readonly [table: string, ...rule: string[]];

/** Lets pods reach an address outside the cluster; those of the namespace find it by its name. */
export async function openWay(
  node: ClusterNode,
  namespace: string,
  { name, address }: Outside,
): Promise<void> {
  await apply(node, [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { clusterIP: "None" },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      endpoints: [{ addresses: [address] }],
      ports: [],
    },
  ]);
  for (const rule of rulesFor(address)) {
    if ((await iptables(node, "--check", rule)).exitCode === 0) continue;
    const { exitCode, output } = await iptables(node, "--insert", rule);
    if (exitCode !== 0) throw new Error(`The node's rules cannot be changed: ${output}`);
  }
}

/** Takes a way back, as far as the node is there. */
export async function closeWay(node: ClusterNode, address: string): Promise<void> {
  for (const rule of rulesFor(address)) await iptables(node, "--delete", rule);
}

/**
 * Makes a service account.
 * @param host where programs outside find the API server: a name or an address that its certificate has
 * @returns the kubeconfig by which a program is that account for a day, as JSON
 */
export async function createServiceAccount(
  node: ClusterNode,
  namespace: string,
  name: string,
  host: string,
): Promise<string> {
  await apply(node, [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } }]);
  const token = await demand(node, [
    "kubectl",
    "create",
    "token",
    name,
    `--namespace=${namespace}`,
    "--duration=24h",
  ]);
  const own = new KubeConfig();
  own.loadFromString(node.kubeconfig);
  const caData = own.getCurrentCluster()?.caData ?? "";
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: host, server: `https://${host}:${apiPort}`, caData, skipTLSVerify: false },
    { name, token: token.trim() },
  );
  return config.exportConfig();
}

/** Applies objects as the cluster's administrator. */
export async function apply(
  node: ClusterNode,
  items: readonly (KubernetesObject & Record<string, unknown>)[],
): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const file = `${items[0]?.metadata?.namespace ?? "cluster"}-${items[0]?.metadata?.name}.json`;
  await node.copyIn("/tmp/onramp", new Map([[file, list]]));
  await demand(node, ["kubectl", "apply", `--filename=/tmp/onramp/${file}`]);
}

/** Runs a command in the node that has to work, and throws while it does not. */
export async function demand(node: ClusterNode, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, output } = await node.exec(args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")}: ${output}`);
  return stdout;
}

function rulesFor(address: string): Rule[] {
  const to = ["--destination", address];
  return [
    ["filter", "FORWARD", ...to, "--jump", "ACCEPT"],
    // Nobody there knows the way back to a pod: it speaks with the node's address.
    ["nat", "POSTROUTING", "--source", podNetwork, ...to, "--jump", "MASQUERADE"],
  ];
}

async function iptables(node: ClusterNode, change: string, [table, ...rule]: Rule) {
  // The official image has it off the usual path.
  const program = 'PATH=$PATH:/bin/aux exec iptables "$@"';
  return node.exec(["sh", "-c", program, "sh", "--table", table, change, ...rule]);
}
