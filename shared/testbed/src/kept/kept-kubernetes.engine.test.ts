import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { eventually } from "@onramp/grading/eventually";
import { expect, test } from "vitest";
import { clusterImageMs, readyEngine } from "../docker/engine-fixtures.ts";
import { nodeCommand } from "../kubernetes/node-container.ts";
import { tripApiImage } from "../trip-api/trip-api-images.ts";
import { endServices, keepRunning } from "./keep-running.ts";
import { findContainer } from "./kept-container.ts";
import { keptKubernetes } from "./kept-kubernetes.ts";

// Under a name and a control group of the test's own: the cluster that somebody keeps running here is theirs.
const { entrypoint, command } = nodeCommand(`kept-test-${process.pid}`);
const kubernetes = {
  ...keptKubernetes,
  container: `onramp-kubernetes-test-${process.pid}`,
  options: async () => ({
    ...(await keptKubernetes.options()),
    Entrypoint: entrypoint,
    Cmd: command,
  }),
};

test(
  "keeps a cluster running that has trip-api's images and its Secret",
  { timeout: clusterImageMs },
  async () => {
    const engine = await readyEngine("kubernetes");
    const dockerode = await connectDockerode(engine);
    await using resources = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), "onramp-up-"));
    resources.defer(async () => rm(directory, { recursive: true, force: true }));
    resources.defer(async () => void (await endServices(dockerode, [kubernetes])));
    const tripApiStage = fileURLToPath(new URL("../../../../exercises/01-docker", import.meta.url));
    const contents = { schemas: [], directory, tripApiStage, project: undefined };
    const keep = async () =>
      keepRunning([kubernetes], { engine, dockerode, contents, onProgress: () => {} });

    const [first] = await keep();
    expect(first?.isNew).toBe(true);
    const kubeconfig = first?.variables["KUBECONFIG"] ?? "";
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? "";
    expect(namespace).toBe("fleet");
    const core = config.makeApiClient(CoreV1Api);
    const secret = await core.readNamespacedSecret({ name: "trip-api-token", namespace });
    expect(Object.keys(secret.data ?? {})).toEqual(["token"]);

    const image = tripApiImage("1.4.0");
    const containers = [{ name: "trip-api", image, imagePullPolicy: "Never" }];
    await core.createNamespacedPod({
      namespace,
      body: { metadata: { name: "tried" }, spec: { containers } },
    });
    const phase = async (): Promise<string> => {
      const pod = await core.readNamespacedPod({ name: "tried", namespace });
      return pod.status?.phase ?? "";
    };
    await eventually(
      "a pod of trip-api runs",
      async () => {
        const seen = await phase();
        return { done: seen === "Running", seen };
      },
      { withinMs: 60_000 },
    );

    // The second time nothing is started, and what is there stays.
    expect(await keep()).toEqual([{ ...first, isNew: false }]);
    expect(await phase()).toBe("Running");
    expect(await endServices(dockerode, [kubernetes])).toEqual([kubernetes]);
    expect(await findContainer(dockerode, kubernetes)).toBeUndefined();
  },
);
