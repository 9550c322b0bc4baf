import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder } from "../docker/builder.ts";
import { ClusterNode } from "../kubernetes/cluster-node.ts";
import { apply, demand } from "../kubernetes/node-ways.ts";
import { nodeCommand, nodeMemoryBytes, nodeName } from "../kubernetes/node-container.ts";
import { tokenSecret } from "../trip-api/team-namespace.ts";
import { buildTripApi, tripApiImage } from "../trip-api/trip-api-images.ts";
import type { Contents, KeptPlace, KeptService } from "./kept-service.ts";

const container = "onramp-kubernetes";
/** Where everything of a hire's is. */
export const namespace = "fleet";
const { entrypoint, command } = nodeCommand("kept");

/** The types of the engine's client do not know it yet. */
const hostCgroups: object = { CgroupnsMode: "host" };

/** A cluster for a hire's own tries, with trip-api's images, and its Secret in the namespace `fleet`. */
export const keptKubernetes = {
  name: "kubernetes",
  title: "Kubernetes",
  images: ["k3s", "node"],
  container,
  preferredPort: 6443,
  innerPort: 6443,
  holds: "namespaces, with all that is in them,",
  look: `docker exec ${container} kubectl get all --namespace ${namespace}`,
  environment: () => ({}),
  // As `K3sContainer` of Testcontainers starts it.
  options: async () => ({
    Hostname: nodeName,
    Entrypoint: entrypoint,
    Cmd: command,
    HostConfig: {
      ...hostCgroups,
      Privileged: true,
      Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:rw"],
      Tmpfs: { "/run": "rw", "/var/run": "rw" },
      Memory: nodeMemoryBytes,
    },
  }),
  variables: (_, { directory }) => ({ KUBECONFIG: kubeconfigIn(directory) }),
  async fill(_, contents, { engine, dockerode, containerId }) {
    const node = await ClusterNode.of(engine, dockerode, containerId);
    await demand(node, ["kubectl", "wait", "--for=condition=Ready", "node/node", "--timeout=5s"]);
    await demand(node, ["kubectl", "get", "serviceaccount", "default"]);
    const known = await demand(node, ["ctr", "images", "ls", "-q"]);
    if (!known.includes(tripApiImage("1.5.0")))
      await loadTripApi(node, contents, { engine, dockerode, containerId });
    await makeNamespace(node);
    await mkdir(contents.directory, { recursive: true });
    const kubeconfig = node.kubeconfig.replace(
      /(\n( *)user: default)/,
      `$1\n$2namespace: ${namespace}`,
    );
    // It holds the key of the cluster's administrator.
    await writeFile(kubeconfigIn(contents.directory), kubeconfig, { mode: 0o600 });
  },
} satisfies KeptService;

function kubeconfigIn(directory: string): string {
  return join(directory, "kubeconfig.yaml");
}

async function makeNamespace(node: ClusterNode): Promise<void> {
  await apply(node, [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: tokenSecret, namespace },
      stringData: { token: "for-your-own-tries" },
    },
  ]);
}

/** Builds trip-api's images, brings them to the node, and takes them from the engine again. */
async function loadTripApi(
  node: ClusterNode,
  { tripApiStage }: Contents,
  { engine, dockerode }: KeptPlace,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "onramp-trip-api-"));
  try {
    const builder = new Builder({ engine, gradingId: `up-${process.pid}` });
    const images = await buildTripApi(builder, tripApiStage, scratch);
    await node.loadImages(images);
    for (const image of images.values()) await dockerode.getImage(image).remove();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
