import { randomBytes } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addressOf,
  clusterImageMs,
  gradingJob,
  leftAfter30s,
  readyEngine,
} from "../docker/engine-fixtures.ts";
import { type PostgresService, startPostgres } from "../postgres/postgres-service.ts";
import { type KubernetesService, startKubernetes } from "./kubernetes-service.ts";

const image = "docker.io/library/onramp-client:1";
const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let cluster: KubernetesService;
let postgres: PostgresService;

beforeAll(async () => {
  engine = await readyEngine("kubernetes", "postgres");
  const job = gradingJob(gradingId);
  [cluster, postgres] = await Promise.all([startKubernetes(job), startPostgres(job)]);
  await cluster.node.loadImages(new Map([[image, "node:24-bookworm-slim"]]));
}, clusterImageMs);

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The services left ${left.join(", ")}.`);
});

/** Connects to each address, and says how that went. */
const connecting = `
  for (const address of process.argv.slice(1)) {
    const [host, port] = address.split(":");
    const socket = require("net").connect({ host, port });
    socket.setTimeout(3000, () => socket.destroy(new Error("no answer")));
    socket.on("connect", () => { console.log(address, "is open"); socket.destroy(); });
    socket.on("error", (error) => console.log(address, error.code ?? error.message));
  }`;

async function whatPodSees(namespace: string, addresses: readonly string[]): Promise<string> {
  const name = `probe-${randomBytes(2).toString("hex")}`;
  const { core } = cluster.apis;
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: "Never",
        containers: [
          { name: "probe", image, command: ["node", "--eval", connecting, "--", ...addresses] },
        ],
      },
    },
  });
  await eventually(
    "the pod has ended",
    async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      return { done: status?.phase === "Succeeded", seen: status?.phase ?? "no phase" };
    },
    { withinMs: 30_000 },
  );
  return core.readNamespacedPodLog({ namespace, name });
}

test("pods reach those services of the grading's network to which a way is open", async () => {
  await using database = await postgres.createDatabase("ways", "ways", "SELECT 1");
  await using door = await database.openDoor();
  await using namespace = await cluster.createNamespace({ name: "ways", podSecurity: "baseline" });
  const server = `${await addressOf(engine, postgres)}:5432`;
  const addresses = [door.address, server];
  expect(await whatPodSees(namespace.name, addresses)).not.toContain("is open");

  const network = await cluster.internalNetwork();
  await network.openWay(namespace.name, "postgres");
  const seen = await whatPodSees(namespace.name, addresses);
  expect(seen).toContain(`${door.address} is open`);
  expect(seen).not.toContain(`${server} is open`);
}, 120_000);

test("a service account's configuration leads to the cluster by its name there", async () => {
  await using namespace = await cluster.createNamespace({ name: "team", podSecurity: "baseline" });
  const network = await cluster.internalNetwork();
  const config = new KubeConfig();
  config.loadFromString(await network.createServiceAccount(namespace.name, "robot"));
  expect(config.getCurrentCluster()).toMatchObject({
    server: "https://kubernetes:6443",
    skipTLSVerify: false,
    caData: expect.stringMatching(/^LS0t/),
  });
  expect(config.getCurrentUser()?.token?.split(".")).toHaveLength(3);
});
