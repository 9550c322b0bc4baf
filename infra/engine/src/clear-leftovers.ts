import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { containerdFolder, ownEngineFiles } from "./own-engine-files.ts";
import { commandLine, endProcess, readPid } from "./processes.ts";

/** The process id of the dockerd that we started, or undefined when it does not run (any more). */
export async function ownEnginePid(): Promise<number | undefined> {
  const pid = await readPid(ownEngineFiles.pid);
  if (pid === undefined) return undefined;
  // The id of a dead engine may belong to somebody else by now.
  return (await commandLine(pid))?.includes(ownEngineFiles.config) === true ? pid : undefined;
}

/**
 * Takes away what an engine that was killed leaves behind: its pid file, on which dockerd refuses to start once the
 * number is in use again, and its containerd, whose socket makes a quick restart fail.
 */
export async function clearLeftovers(): Promise<void> {
  if ((await ownEnginePid()) === undefined) await rm(ownEngineFiles.pid, { force: true });
  const pid = await readPid(join(containerdFolder, "containerd.pid"));
  if (pid !== undefined && (await commandLine(pid))?.includes(containerdFolder) === true) {
    await endProcess(pid, 10_000);
  }
  const files = await readdir(containerdFolder).catch(() => []);
  for (const file of files) {
    if (/\.(sock|sock\.ttrpc|pid)$/.test(file))
      await rm(join(containerdFolder, file), { force: true });
  }
}
