import { clearLeftovers, ownEnginePid } from "./clear-leftovers.ts";
import { removeParentGroup } from "./memory.ts";
import { endProcess } from "./processes.ts";
import { withLock } from "./with-lock.ts";

// dockerd gives its containers 15 s to end before it kills them.
const graceMs = 30_000;

/**
 * Ends the engine that we started, with its containers, and waits until it is gone; images and volumes stay on disk.
 * False when no engine of ours runs. Engines that somebody else started are never touched.
 */
export async function stopEngine(
  options: { onProgress?: (line: string) => void } = {},
): Promise<boolean> {
  return await withLock("engine", async () => {
    const pid = await ownEnginePid();
    if (pid === undefined) return false;
    options.onProgress?.("stopping the engine");
    await endProcess(pid, graceMs);
    await clearLeftovers();
    await removeParentGroup();
    return true;
  });
}
