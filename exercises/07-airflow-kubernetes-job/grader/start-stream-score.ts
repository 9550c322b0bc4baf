// The services of a grading of this stage: all of them real, and on one network.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GradingJob } from "@onramp/grading/job";
import { seedFrom } from "@onramp/grading/seed";
import { startAirflow } from "@onramp/testbed/airflow/airflow-service";
import { filesBelow } from "@onramp/testbed/docker/files-below";
import { startOn } from "@onramp/testbed/docker/testbed";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import type { ClusterNode } from "@onramp/testbed/kubernetes/cluster-node";
import { startKubernetes } from "@onramp/testbed/kubernetes/kubernetes-service";
import { namespaceName } from "@onramp/testbed/kubernetes/namespace";
import { buildProgram } from "@onramp/testbed/program/program-service";
import { pauses, StreamScore } from "./stream-score.ts";
import { allowedLatenessS, oldRecords, partitions } from "./trip-records.ts";

/**
 * Starts the cluster with the job's image, Kafka, the warehouse and Airflow.
 * @throws {OnrampError} SERVICE_DIED, IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function startStreamScore(job: GradingJob): Promise<StreamScore> {
  return startOn(job, "The job's testbed", async (testbed) => {
    await using resources = new AsyncDisposableStack();
    const name = namespaceName(job, "scores");
    const topic = `trips-${job.gradingId}`;
    const jobDirectory = join(job.projectDirectory, "job");
    const jobImage = `docker.io/fleet/score-job:${digestOf(await filesBelow(jobDirectory))}`;
    const [cluster, kafka, image] = await Promise.all([
      startKubernetes(job).then((service) => resources.use(service)),
      startKafka(job).then((service) => resources.use(service)),
      buildProgram(testbed, jobDirectory),
    ]);
    await kafka.createTopic(topic, partitions);
    await kafka.produce(topic, oldRecords);
    await kafka.deleteRecords(topic, partitions);
    const broker = resources.use(await kafka.openDoor());
    const variables = {
      NAMESPACE: name,
      JOB_IMAGE: jobImage,
      KAFKA_BROKERS: broker.address,
      TRIPS_TOPIC: topic,
      ALLOWED_LATENESS_SECONDS: String(allowedLatenessS),
      RETRY_SECONDS: String(pauses.retry),
      POD_START_SECONDS: String(pauses.podStart),
    };
    const [airflow, namespace] = await Promise.all([
      startAirflow(job, { variables }).then((service) => resources.use(service)),
      cluster.createNamespace({ name, podSecurity: "restricted", teamRole: "admin" }),
      bringImage(cluster.node, jobImage, image),
    ]);
    const seed = seedFrom(job.seed);
    const schema = await readFile(join(job.projectDirectory, "schema.sql"), "utf8");
    const warehouse = resources.use(
      await airflow.postgres.createDatabase(
        `scores_${job.gradingId}`,
        seed.hex("password of the warehouse", 24),
        schema,
      ),
    );
    const door = resources.use(await warehouse.openDoor());
    const network = await cluster.internalNetwork();
    await network.openWay(name, "kafka");
    await network.openWay(name, "postgres");
    await namespace.createSecret("warehouse", { url: warehouse.uriBy(door) });
    const parts = { airflow, warehouse, door, kafka, cluster, namespace, topic, jobImage };
    // Where something fails before, it is given back by who has opened it.
    resources.use(testbed);
    return new StreamScore(parts, resources.move());
  });
}

/** Brings the job's image to the node. Other submissions of a matrix may have had the same job. */
async function bringImage(node: ClusterNode, ref: string, image: string): Promise<void> {
  if (!(await node.hasImage(ref))) await node.loadImages(new Map([[ref, image]]));
}

/** A short name for what is in some files. */
function digestOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash("sha256");
  for (const [path, content] of [...files].toSorted(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}
