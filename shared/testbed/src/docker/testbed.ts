import { useEngine } from "@onramp/engine/ensure-engine";
import { findEngine } from "@onramp/engine/find-engine";
import type { Engine } from "@onramp/engine/engine";
import { requestEngine } from "@onramp/engine/engine-request";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type Dockerode from "dockerode";
import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import { type Gateway, startGateway } from "./gateway.ts";
import { gradingLabel } from "./labels.ts";
import { type Reaper, startReaper } from "./reaper.ts";
import { ignoreGone, removeGrading } from "./remove-grading.ts";
import { splitStreams } from "./split-streams.ts";

const helperImage = "node:24-bookworm-slim";
const reaperImage = "testcontainers/ryuk:0.14.0";

/** What the services of one grading stand on: the engine, the internal network with its gateway, the reaper. */
export class Testbed implements AsyncDisposable {
  readonly job: GradingJob;
  readonly engine: Engine;
  readonly dockerode: Dockerode;
  readonly #startGateway: () => Promise<Gateway>;
  #gateway: Promise<Gateway> | undefined;
  #serviceNetwork: Promise<string> | undefined;
  readonly #reaper: Reaper | undefined;

  constructor(
    job: GradingJob,
    engine: Engine,
    dockerode: Dockerode,
    startItsGateway: () => Promise<Gateway>,
    reaper: Reaper | undefined,
  ) {
    this.job = job;
    this.engine = engine;
    this.dockerode = dockerode;
    this.#startGateway = startItsGateway;
    this.#reaper = reaper;
  }

  /** The way to the grading's internal network, which is made when the first container is to be on it. */
  async gateway(): Promise<Gateway> {
    this.#gateway ??= this.#startGateway();
    return this.#gateway;
  }

  /**
   * The network of the grading's services, where submissions do not get; it is made when the first one starts. Services
   * have names on it. On the engine's bridge they have addresses alone, and that of one that has died goes to the next
   * container of whatever grading: doors would lead there.
   */
  async serviceNetwork(): Promise<string> {
    this.#serviceNetwork ??= this.#makeServiceNetwork();
    return this.#serviceNetwork;
  }

  /** Puts a container of ours on the grading's internal network too, where submissions find it by this name. */
  async join(containerId: string, alias: string): Promise<void> {
    const { network } = await this.gateway();
    await this.dockerode.getNetwork(network).connect({
      Container: containerId,
      EndpointConfig: { Aliases: [alias] },
    });
  }

  /** Takes a container off the grading's internal network: one that outlives the grading would hold the network. */
  async leave(containerId: string): Promise<void> {
    const { network } = await this.gateway();
    await ignoreGone(
      this.dockerode.getNetwork(network).disconnect({ Container: containerId, Force: true }),
    );
  }

  /** The address that a name stands for on the grading's internal network. */
  async addressOf(alias: string): Promise<string> {
    const { network } = await this.gateway();
    const { Containers = {} } = (await this.dockerode.getNetwork(network).inspect()) as {
      Containers?: Record<string, unknown>;
    };
    for (const id of Object.keys(Containers)) {
      const { NetworkSettings } = await this.dockerode.getContainer(id).inspect();
      const { Aliases, IPAddress } = NetworkSettings.Networks[network] ?? {};
      if (Aliases?.includes(alias) && IPAddress) return IPAddress;
    }
    throw new Error(`Nothing is called ${alias} on the grading's network.`);
  }

  /** Why the engine is gone, if it is. */
  async diagnose(): Promise<OnrampError | undefined> {
    return deathOf(this.engine);
  }

  /** Holds a container still, as if its machine had stopped, until the end of the scope. */
  async pause(containerId: string): Promise<AsyncDisposable> {
    const container = this.dockerode.getContainer(containerId);
    await container.pause();
    return { [Symbol.asyncDispose]: async () => void (await container.unpause()) };
  }

  /** What a container of ours has written, since a moment or from its start. */
  async log(containerId: string, since = new Date(0)): Promise<string> {
    const container = this.dockerode.getContainer(containerId);
    const { stdout, stderr } = splitStreams(
      await container.logs({ stdout: true, stderr: true, since: since.getTime() / 1000 }),
    );
    return `${stdout}${stderr}`;
  }

  /** Removes a container of the grading before its end, with its volumes; not with `keep`. */
  async remove(containerId: string): Promise<void> {
    if (this.job.keep) return;
    await ignoreGone(this.dockerode.getContainer(containerId).remove({ force: true, v: true }));
  }

  /** To be called once by each service that has opened it; the last call takes everything of the grading away. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { gradingId, keep } = this.job;
    const place = opened.get(gradingId);
    if (place === undefined || (place.users -= 1) > 0) return;
    opened.delete(gradingId);
    if (keep) return;
    // Of an engine that is gone nothing can be removed; the reaper tries, ten seconds after this process has ended.
    if ((await this.diagnose()) !== undefined) return;
    await removeGrading(this.dockerode, gradingId);
    await this.#reaper?.[Symbol.asyncDispose]();
  }

  async #makeServiceNetwork(): Promise<string> {
    const { gradingId } = this.job;
    const name = `onramp-services-${gradingId}`;
    const labels = { [gradingLabel]: gradingId };
    await this.dockerode.createNetwork({ Name: name, Labels: labels, CheckDuplicate: true });
    return name;
  }
}

const opened = new Map<string, { readonly testbed: Promise<Testbed>; users: number }>();

/** Opens the testbed of a grading: the first service that asks opens it, the others of the same grading share it. */
export async function openTestbed(job: GradingJob): Promise<Testbed> {
  const place = opened.get(job.gradingId) ?? { testbed: open(job), users: 0 };
  opened.set(job.gradingId, place);
  place.users += 1;
  return place.testbed;
}

/**
 * Starts a service on the testbed of a grading.
 * @throws {OnrampError} SERVICE_DIED when it does not start, ENGINE_DIED when that is because the engine is gone
 */
export async function startOn<Service>(
  job: GradingJob,
  name: string,
  start: (testbed: Testbed) => Promise<Service>,
): Promise<Service> {
  const testbed = await openTestbed(job);
  try {
    return await start(testbed);
  } catch (error) {
    const fault = await testbed.diagnose();
    await testbed[Symbol.asyncDispose]();
    if (fault !== undefined) throw fault;
    if (error instanceof OnrampError) throw error;
    const message = `${name} did not start: ${messageOf(error)}`;
    throw new OnrampError("SERVICE_DIED", message, { cause: error });
  }
}

/** With `keep` there is no reaper: what was started stays. */
async function open(job: GradingJob): Promise<Testbed> {
  const engine = await findEngine();
  if (engine === undefined)
    throw new OnrampError("ENGINE_UNAVAILABLE", "No container engine answers on this machine.");
  useEngine(engine);
  // Our images stand under their plain names; Testcontainers would look for the submission's own under the prefix.
  delete process.env["TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX"];
  const client: ContainerRuntimeClient = await getContainerRuntimeClient();
  try {
    const reaper = job.keep ? undefined : await startReaper(client, reaperImage, job.gradingId);
    const gateway = async () => startGateway(client, helperImage, job.gradingId);
    return new Testbed(job, engine, client.container.dockerode, gateway, reaper);
  } catch (error) {
    throw (await deathOf(engine)) ?? error;
  }
}

async function deathOf(engine: Engine): Promise<OnrampError | undefined> {
  try {
    await requestEngine(engine, "/_ping", 10_000);
    return undefined;
  } catch (error) {
    return new OnrampError(
      "ENGINE_DIED",
      `The engine does not answer any more: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
