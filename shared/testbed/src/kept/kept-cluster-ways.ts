// What a DAG that starts pods needs on this machine: a way from Airflow to the cluster, and one from pods to the services.
import type Dockerode from "dockerode";
import type { Engine } from "@onramp/engine/engine";
import type { AirflowApi } from "../airflow/airflow-api.ts";
import { ServiceContainer } from "../docker/service-container.ts";
import { ClusterNode } from "../kubernetes/cluster-node.ts";
import { apply, createServiceAccount, openWay } from "../kubernetes/node-ways.ts";
import { findContainer } from "./kept-container.ts";
import { brokerForPods, keptKafka, tripsTopic } from "./kept-kafka.ts";
import { keptKubernetes, namespace } from "./kept-kubernetes.ts";
import { fleet, keptPostgres } from "./kept-postgres.ts";
import type { KeptService } from "./kept-service.ts";

const serviceAccount = "airflow";

/** Airflow's Variables for DAGs that start pods. */
export const variablesForPods = {
  NAMESPACE: namespace,
  JOB_IMAGE: "docker.io/library/score-job:dev",
  KAFKA_BROKERS: `${brokerForPods.name}:${brokerForPods.port}`,
  TRIPS_TOPIC: tripsTopic,
  ALLOWED_LATENESS_SECONDS: "7200",
  POD_START_SECONDS: "20",
};

interface Place {
  readonly engine: Engine;
  readonly dockerode: Dockerode;
}

/** Where a kept service is on the engine's bridge; undefined when it does not run. */
export async function addressOf(
  { engine, dockerode }: Place,
  service: KeptService,
): Promise<string | undefined> {
  const container = await findContainer(dockerode, service);
  if (container === undefined) return undefined;
  return (await ServiceContainer.of(engine, dockerode, container.id)).address;
}

/** Lets Airflow be the service account `airflow` of the kept cluster, if there is one, and pods reach what is kept. */
export async function connectCluster(api: AirflowApi, place: Place): Promise<void> {
  const { engine, dockerode } = place;
  const cluster = await findContainer(dockerode, keptKubernetes);
  if (cluster === undefined) return;
  const node = await ClusterNode.of(engine, dockerode, cluster.id);
  const services = { [brokerForPods.name]: keptKafka, [keptPostgres.name]: keptPostgres };
  for (const [name, service] of Object.entries(services)) {
    const address = await addressOf(place, service);
    if (address !== undefined) await openWay(node, namespace, { name, address });
  }
  const url = `postgres://${fleet}:${fleet}@${keptPostgres.name}:${keptPostgres.innerPort}/${fleet}`;
  await apply(node, [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "warehouse", namespace },
      stringData: { url },
    },
  ]);
  const config = await createServiceAccount(node, namespace, serviceAccount, node.address);
  await api.setConnection("kubernetes_default", {
    conn_type: "kubernetes",
    extra: JSON.stringify({ kube_config: config, namespace, in_cluster: false }),
  });
}
