import type { OnrampError } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { GenericContainer } from "testcontainers";
import { gradingLabel } from "../docker/labels.ts";
import { startOn } from "../docker/testbed.ts";
import { type CommandResult, type Files, ToolContainer } from "../docker/tool-container.ts";
import { type Namespace, teamUser } from "../kubernetes/namespace.ts";
import { apiPort } from "../kubernetes/cluster-node.ts";
import { startTripApiCluster, type TripApiCluster } from "../trip-api/trip-api-cluster.ts";

const image = "alpine/helm:4.3.1";
const kubeconfig = "/tmp/kubeconfig.yaml";
/** After so many seconds a `helm` is ended. What it waits for has limits of its own, which are shorter. */
const helmLimitS = 150;
/** The same for one that needs no cluster: less than a check has, which can so tell what took long. */
const offlineLimitS = 50;

/** The testbed service `helm`: the real Helm, in a container on the network of trip-api's cluster. */
export class HelmService implements StartedService {
  readonly cluster: TripApiCluster;
  readonly #container: ToolContainer;

  constructor(cluster: TripApiCluster, container: ToolContainer) {
    this.cluster = cluster;
    this.#container = container;
  }

  /** Puts files where Helm can read them, and returns the directory. */
  async copyIn(name: string, files: Files): Promise<string> {
    const directory = `/tmp/onramp/${name}`;
    await this.#container.copyIn(directory, files);
    return directory;
  }

  /** Runs `helm`. Without a namespace it does what needs no cluster: `lint`, `template`. */
  async run(args: readonly string[], namespace?: Namespace): Promise<CommandResult> {
    if (namespace === undefined)
      return this.#container.execWithin(offlineLimitS, ["helm", ...args]);
    const place = [`--namespace=${namespace.name}`, `--kube-as-user=${teamUser}`];
    return this.#container.execWithin(helmLimitS, ["helm", ...args, ...place]);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return this.cluster.diagnose();
  }

  /** Its container goes with the grading. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
  }
}

/**
 * Starts Helm beside trip-api's cluster, which is started or taken as the grading says.
 * @throws {OnrampError} SERVICE_DIED, IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function startHelm(job: GradingJob): Promise<HelmService> {
  return startOn(job, "Helm", async (testbed) => {
    await using resources = new AsyncDisposableStack();
    const cluster = resources.use(await startTripApiCluster(job));
    const { node } = cluster.kubernetes;
    const { engine, dockerode } = testbed;
    const started = await new GenericContainer(image)
      .withLabels({ [gradingLabel]: job.gradingId })
      .withNetworkMode(`container:${node.id}`)
      .withEntrypoint(["sleep"])
      .withCommand(["infinity"])
      .withEnvironment({
        HOME: "/tmp",
        KUBECONFIG: kubeconfig,
        HELM_KUBEAPISERVER: `https://127.0.0.1:${apiPort}`,
      })
      // A chart is a program: one that renders without end ends here.
      .withResourcesQuota({ memory: 1, cpu: 1 })
      .start();
    const container = new ToolContainer(engine, dockerode.getContainer(started.getId()));
    await container.copyIn("/tmp", new Map([["kubeconfig.yaml", node.kubeconfig]]));
    resources.move();
    await testbed[Symbol.asyncDispose]();
    return new HelmService(cluster, container);
  });
}
