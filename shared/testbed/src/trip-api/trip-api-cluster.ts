import { join } from "node:path";
import type { OnrampError } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { Builder } from "../docker/builder.ts";
import { startOn } from "../docker/testbed.ts";
import { type ClusterClient, clientOf, startClient } from "../kubernetes/cluster-client.ts";
import { type KubernetesService, startKubernetes } from "../kubernetes/kubernetes-service.ts";
import { buildTripApi } from "./trip-api-images.ts";

const helperImage = "node:24-bookworm-slim";
const clientImage = "docker.io/library/onramp-client:1";

/** A cluster that has trip-api's image, and a client in it. */
export class TripApiCluster implements StartedService {
  readonly kubernetes: KubernetesService;
  readonly client: ClusterClient;

  constructor(kubernetes: KubernetesService, client: ClusterClient) {
    this.kubernetes = kubernetes;
    this.client = client;
  }

  get containerId(): string {
    return this.kubernetes.containerId;
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return this.kubernetes.diagnose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kubernetes[Symbol.asyncDispose]();
  }
}

/**
 * Starts the cluster of a grading, and builds trip-api beside it from the reference answer of stage 01; or takes the
 * cluster that the grading was given, which has both.
 * @throws {OnrampError} SERVICE_DIED, IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function startTripApiCluster(job: GradingJob): Promise<TripApiCluster> {
  return startOn(job, "trip-api's cluster", async (testbed) => {
    await using resources = new AsyncDisposableStack();
    const { engine } = testbed;
    const builder = new Builder({ engine, gradingId: job.gradingId });
    const stage = join(job.exerciseDirectory, "../01-docker");
    const isShared = job.sharedServices["kubernetes"] !== undefined;
    const building = isShared ? undefined : buildTripApi(builder, stage, job.scratchDirectory);
    const filling = async (cluster: KubernetesService): Promise<void> => {
      const images = await building;
      await cluster.node.loadImages(new Map([...(images ?? []), [clientImage, helperImage]]));
      await startClient(cluster, clientImage);
    };
    const kubernetes = resources.use(await startKubernetes(job, filling));
    resources.move();
    // The cluster holds the testbed open from here on.
    await testbed[Symbol.asyncDispose]();
    return new TripApiCluster(kubernetes, clientOf(kubernetes));
  });
}
