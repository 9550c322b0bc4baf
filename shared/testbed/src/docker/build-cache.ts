import { setTimeout as pause } from "node:timers/promises";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";
import { execa } from "execa";

interface CacheRecord {
  readonly ID: string;
  readonly InUse: boolean;
  readonly CreatedAt: string;
}

/** How long the builder may take to let go of a build that was stopped, in milliseconds. */
const letGoMs = 10_000;

/**
 * Gives back what the builder has kept since a moment: a build that was stopped for want of disk leaves its finished
 * steps in the cache. A record that another build made meanwhile goes too, unless it is in use; that build is slower
 * the next time, and no more.
 */
export async function dropBuildCacheSince(engine: Engine, since: Date): Promise<void> {
  const dockerode = await connectDockerode(engine);
  const docker = await findDockerCli();
  const env = dockerCliEnvironment(engine);
  // The steps of a build that was stopped a moment ago are in use for a moment more.
  for (const end = performance.now() + letGoMs; performance.now() < end; await pause(200)) {
    const recent = await recordsSince(dockerode, since);
    if (recent.length === 0) return;
    for (const { ID } of recent.filter(({ InUse }) => !InUse))
      await execa(docker, ["builder", "prune", "--force", "--filter", `id=${ID}`], { env });
  }
}

/** What the builder has kept since then: a record stays as long as another builds on it, so the last one comes first. */
async function recordsSince(dockerode: Dockerode, since: Date): Promise<CacheRecord[]> {
  const { BuildCache } = (await dockerode.df()) as {
    BuildCache?: CacheRecord[] | null;
  };
  return (BuildCache ?? [])
    .filter(({ CreatedAt }) => new Date(CreatedAt) >= since)
    .toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
}
