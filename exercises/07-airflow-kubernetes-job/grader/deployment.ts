// What the platform sets up for the submission, and what the submission brings.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import { connectWarehouse, deployDags } from "@onramp/testbed/airflow/deploy-dags";
import type { KubernetesService } from "@onramp/testbed/kubernetes/kubernetes-service";
import { parseManifests } from "@onramp/testbed/kubernetes/manifest";
import type { Namespace } from "@onramp/testbed/kubernetes/namespace";
import { firstRefusals } from "@onramp/testbed/kubernetes/what-was-said";

/** The DAG of the ticket. */
export const dagId = "score_from_stream";
/** Who Airflow is in the cluster. */
export const serviceAccount = "airflow";

/** Where a submission goes. */
export interface Place {
  readonly airflow: AirflowService;
  readonly cluster: KubernetesService;
  readonly namespace: Namespace;
  /** What a pod gets as `DATABASE_URL`. */
  readonly databaseUrl: string;
}

/** Sets up the connections, gives Airflow the rights that the submission wants, and hands the DAGs to it. */
export async function deploy(place: Place, context: CheckContext): Promise<void> {
  const { airflow, cluster, namespace, databaseUrl } = place;
  await airflow.untilReady();
  const network = await cluster.internalNetwork();
  const config = await network.createServiceAccount(namespace.name, serviceAccount);
  await applyRights(place, context);
  await connectWarehouse(airflow, databaseUrl);
  await airflow.api.setConnection("kubernetes_default", {
    conn_type: "kubernetes",
    extra: JSON.stringify({ kube_config: config, namespace: namespace.name, in_cluster: false }),
  });
  await deployDags(airflow, dagId, context);
}

async function applyRights(
  { cluster, namespace }: Place,
  { job, evidence }: CheckContext,
): Promise<void> {
  const file = join(job.projectDirectory, "rbac.yaml");
  if (!existsSync(file))
    fail("There is no rbac.yaml.", { expected: "a Role and a RoleBinding", actual: "no file" });
  const text = await readFile(file, "utf8");
  await demandRightsAlone(cluster, namespace.name, text);
  const { exitCode, output } = await namespace.apply(new Map([["rbac.yaml", text]]));
  if (exitCode === 0) return;
  evidence("What the API server says", output);
  const said = firstRefusals(output);
  fail(`The API server does not take rbac.yaml: ${said}`, {
    expected: "Roles and RoleBindings of the namespace, with rights that its owner has",
    actual: said,
  });
}

/** As somebody has written it: what is no binding is refused by the API server. */
interface Binding {
  readonly subjects?: unknown;
}

interface Subject {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Whoever applies the file could make more than rights, and give them to more than Airflow. */
async function demandRightsAlone(
  cluster: KubernetesService,
  namespace: string,
  text: string,
): Promise<void> {
  const objects = await parseManifests(cluster, "rights", new Map([["rbac.yaml", text]]));
  const other = objects.find(({ kind }) => !/^(Cluster)?Role(Binding)?$/.test(kind));
  if (other !== undefined)
    fail(`rbac.yaml has a ${other.kind}, ${other.metadata.name}.`, {
      expected: "Roles and RoleBindings",
      actual: objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", "),
    });
  const names = objects
    // Those of the whole cluster are not taken, whomever they are for.
    .filter(({ kind }) => kind === "RoleBinding")
    .flatMap((object) => (object as Binding).subjects ?? [])
    .filter((subject): subject is Subject => typeof subject === "object" && subject !== null)
    .map(({ kind, name, namespace: of = namespace }) =>
      of === namespace ? `${kind} ${name}` : `${kind} ${name} of the namespace ${of}`,
    );
  const stranger = names.find((name) => name !== `ServiceAccount ${serviceAccount}`);
  if (stranger !== undefined)
    fail(`rbac.yaml gives rights to the ${stranger}.`, {
      expected: `rights for the service account ${serviceAccount} of its own namespace, which a subject without \`namespace\` is in, and for nobody else`,
      actual: `rights for the ${stranger}`,
    });
}
