import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { tryGit } from "./git.ts";
import { repositoryRoot, workDirectory } from "./repository.ts";

/**
 * Where submissions go: `git config onramp.remote` of the work directory, else of the kit's repository. Its value is
 * the name of a remote there, or a URL.
 * @returns a URL that can be pushed to from anywhere, or undefined where the team set none
 */
export async function findTeamRemote(work = workDirectory): Promise<string | undefined> {
  for (const repository of [work, repositoryRoot]) {
    const { exitCode, stdout } = await tryGit(repository, ["config", "--get", "onramp.remote"]);
    const value = stdout.trim();
    if (exitCode !== 0 || value === "") continue;
    const named = await tryGit(repository, ["remote", "get-url", "--push", value]);
    const url = named.exitCode === 0 ? named.stdout.trim() : value;
    // A path is meant from its own repository; the push starts elsewhere.
    const path = resolve(repository, url);
    return !url.includes("://") && existsSync(path) ? path : url;
  }
  return undefined;
}
