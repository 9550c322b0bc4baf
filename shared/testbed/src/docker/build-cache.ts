import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { execa } from "execa";

interface CacheRecord {
  readonly ID: string;
  readonly InUse: boolean;
  readonly CreatedAt: string;
}

/**
 * Gives back what the builder has kept since a moment: a build that was stopped for want of disk leaves its finished
 * steps in the cache. A record that another build made meanwhile goes too, unless it is in use; that build is slower
 * the next time, and no more.
 */
export async function dropBuildCacheSince(engine: Engine, since: Date): Promise<void> {
  const dockerode = await connectDockerode(engine);
  const { BuildCache } = (await dockerode.df()) as {
    BuildCache?: CacheRecord[] | null;
  };
  const recent = (BuildCache ?? [])
    .filter(({ InUse, CreatedAt }) => !InUse && new Date(CreatedAt) >= since)
    // A record stays as long as another builds on it: the last one goes first.
    .toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
  const docker = await findDockerCli();
  const env = dockerCliEnvironment(engine);
  for (const { ID } of recent)
    await execa(docker, ["builder", "prune", "--force", "--filter", `id=${ID}`], { env });
}
