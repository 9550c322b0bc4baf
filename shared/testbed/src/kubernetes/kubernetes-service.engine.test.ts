import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clusterImageMs,
  gradingJob,
  leftAfter30s,
  readyEngine,
} from "../docker/engine-fixtures.ts";
import { type ClusterClient, describeAnswer, startClient } from "./cluster-client.ts";
import { type KubernetesService, startKubernetes } from "./kubernetes-service.ts";
import { gradingLabel } from "../docker/labels.ts";
import { openTestbed } from "../docker/testbed.ts";
import type { Namespace } from "./namespace.ts";
import { describePod, isReady } from "./pod-state.ts";
import { eventually } from "@onramp/grading/eventually";

const image = "docker.io/library/onramp-client:1";
const gradingIds = [randomBytes(4).toString("hex"), randomBytes(4).toString("hex")] as const;
let engine: Engine;
let cluster: KubernetesService;
let client: ClusterClient;

beforeAll(async () => {
  engine = await readyEngine("kubernetes");
  cluster = await startKubernetes(gradingJob(gradingIds[0]));
  await cluster.node.loadImages(new Map([[image, "node:24-bookworm-slim"]]));
  client = await startClient(cluster, image);
}, clusterImageMs);

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, gradingIds);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

/** A web server of two pods behind a Service. */
const serving = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: echo }
spec:
  replicas: 2
  selector: { matchLabels: { app: echo } }
  template:
    metadata: { labels: { app: echo } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: echo
          image: ${image}
          command: [node, --eval, 'require("http").createServer((_, answer) => { answer.setHeader("x-served-by", require("os").hostname()); answer.end("echo") }).listen(8080)']
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ port: 80, targetPort: 8080 }]
`;

async function untilReady(namespace: Namespace, count: number, of = cluster): Promise<void> {
  await eventually(
    `${count} pods are ready`,
    async () => {
      const { items } = await of.apis.core.listNamespacedPod({ namespace: namespace.name });
      return {
        done: items.filter((pod) => isReady(pod)).length === count,
        seen: items.map((pod) => describePod(pod)).join("; "),
      };
    },
    { withinMs: 60_000 },
  );
}

async function apply(namespace: Namespace, text: string): ReturnType<Namespace["apply"]> {
  return namespace.apply(new Map([["objects.yaml", text]]));
}

test("a Service is reached by its name, by both of its pods, and a load tells which request failed", async () => {
  await using namespace = await cluster.createNamespace({ name: "echo", podSecurity: "baseline" });
  expect(await apply(namespace, serving)).toMatchObject({ exitCode: 0 });
  await untilReady(namespace, 2);
  const url = "http://echo.echo.svc.cluster.local/";
  // The node learns of pods a moment after they are ready.
  await eventually(
    "The Service answers",
    async () => {
      const seen = describeAnswer(await client.ask({ url }));
      return { done: seen === "status 200", seen };
    },
    { withinMs: 20_000 },
  );
  await using load = await client.startLoad({ url, workers: 4, everyMs: 5, withinMs: 2000 });
  await eventually(
    "Both pods answer",
    async () => {
      const { answers } = await load.look();
      const pods = Object.keys(answers);
      return { done: pods.length === 2, seen: JSON.stringify(answers) };
    },
    { withinMs: 20_000 },
  );
  const healthy = await load.look();
  expect(healthy.failures).toEqual([]);
  const from = Date.now();
  await namespace.kubectl(["delete", "service/echo"]);
  await eventually(
    "Requests fail",
    async () => {
      const { failures } = await load.look();
      return { done: failures.length > 0, seen: `${failures.length} failures` };
    },
    { withinMs: 20_000 },
  );
  const [failure] = (await load.stop()).failures;
  expect(failure?.at).toBeGreaterThan(from - 2000);
  expect(failure?.reason).not.toBe("");
  expect(await client.ask({ url: "http://nobody.echo.svc.cluster.local/" })).toEqual({
    error: "ENOTFOUND",
  });
  const own = "http://client.onramp-client.svc.cluster.local:8080/start";
  expect(await client.ask({ url: own, method: "POST", body: "{}" })).toMatchObject({ status: 403 });
});

test("a pod reaches its cluster, and nothing outside of it", async () => {
  // The grading's gateway, which listens on the engine's bridge: this process gets there, and so does the node.
  await using testbed = await openTestbed(gradingJob(gradingIds[0]));
  await testbed.gateway();
  const dockerode = await connectDockerode(engine);
  const containers = await dockerode.listContainers({
    filters: { label: [`${gradingLabel}=${gradingIds[0]}`] },
  });
  const gateway = containers.find(({ Ports }) => Ports.some((port) => port.PrivatePort === 8081));
  const address = gateway?.NetworkSettings.Networks["bridge"]?.IPAddress ?? "";
  const socket = connect(8081, address);
  await once(socket, "connect");
  socket.destroy();
  const answer = await client.ask({ url: `http://${address}:8081/`, withinMs: 3000 });
  expect(answer).toEqual({ error: "ECONNREFUSED" });
  expect(await client.ask({ url: "http://10.43.0.1:443/" })).toMatchObject({ status: 400 });
});

test("evictions are granted and refused as a disruption budget says", async () => {
  await using namespace = await cluster.createNamespace({ name: "pdb", podSecurity: "baseline" });
  await apply(
    namespace,
    `${serving}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: echo }
spec: { minAvailable: 2, selector: { matchLabels: { app: echo } } }
`,
  );
  await untilReady(namespace, 2);
  const [pod] = await namespace.pods();
  const name = pod?.metadata?.name ?? "";
  await eventually(
    "The budget refuses",
    async () => {
      const { status, answer } = await namespace.evict(name);
      return { done: status === 429 && answer.includes("disruption budget"), seen: answer };
    },
    { withinMs: 10_000 },
  );
  await namespace.kubectl(["delete", "pdb/echo"]);
  expect(await namespace.evict(name)).toMatchObject({ status: 201 });
});

test("two clusters live side by side, and one that is gone is told apart from a wrong submission", async () => {
  const other = await startKubernetes(gradingJob(gradingIds[1]));
  await other.node.loadImages(new Map([[image, "node:24-bookworm-slim"]]));
  for (const of of [cluster, other]) {
    const namespace = await of.createNamespace({ name: "beside", podSecurity: "baseline" });
    expect(await apply(namespace, serving)).toMatchObject({ exitCode: 0 });
    await untilReady(namespace, 2, of);
  }
  for (const of of [cluster, other]) {
    const { items } = await of.apis.core.listPodForAllNamespaces();
    const restarts = items.flatMap(({ status }) =>
      (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount),
    );
    expect(restarts.every((count) => count === 0)).toBe(true);
  }
  expect(await other.diagnose()).toBeUndefined();
  await other.node.kill();
  expect(await other.diagnose()).toMatchObject({ code: "SERVICE_DIED" });
  expect(await cluster.diagnose()).toBeUndefined();
  await other[Symbol.asyncDispose]();
});

/** Takes 9 GiB of the disk at once. */
const filling = `
apiVersion: v1
kind: Pod
metadata: { name: filling }
spec:
  restartPolicy: Never
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: filling
      image: ${image}
      imagePullPolicy: Never
      command: [fallocate, --length, 9GiB, /data/file]
      volumeMounts: [{ name: data, mountPath: /data }]
`;

// The last: the disk is that of the machine, so that it ends every cluster that watches it.
test("a cluster whose pods fill the disk is ended", async () => {
  const namespace = await cluster.createNamespace({ name: "full", podSecurity: "baseline" });
  expect(await apply(namespace, filling)).toMatchObject({ exitCode: 0 });
  await eventually(
    "The cluster is ended",
    async () => {
      const fault = await cluster.diagnose();
      return { done: fault?.message.includes("8 GiB") ?? false, seen: fault?.message ?? "well" };
    },
    { withinMs: 30_000 },
  );
  expect(await cluster.diagnose()).toMatchObject({ code: "SERVICE_DIED" });
});
