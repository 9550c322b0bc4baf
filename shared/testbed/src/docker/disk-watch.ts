import { statfs } from "node:fs/promises";
import type { Engine } from "@onramp/engine/engine";

/** What a grading may take of the engine's disk. */
export const mostDiskBytes = 4 * 1024 ** 3;
const intervalMs = 500;

/** Aborts when the engine's disk has lost more than a grading may take. */
export interface DiskWatch extends Disposable {
  readonly signal: AbortSignal;
  readonly limitBytes: number;
}

/**
 * Watches the free space where the engine keeps its data. Neither BuildKit nor a container's file system has a limit
 * of its own on the usual storage drivers, so this is what keeps a submission from filling the disk.
 *
 * On an engine whose disk is not this machine's (a virtual machine, another host) it watches nothing.
 */
export function watchDisk(engine: Engine, limitBytes = mostDiskBytes): DiskWatch {
  const full = new AbortController();
  let freeAtStart: number | undefined;
  const look = async (): Promise<void> => {
    const free = await freeBytes(engine.dataRoot);
    if (free === undefined) return clearInterval(timer);
    freeAtStart ??= free;
    if (freeAtStart - free > limitBytes) full.abort();
  };
  const timer = setInterval(() => void look(), intervalMs).unref();
  if (engine.isLocal) void look();
  else clearInterval(timer);
  return { signal: full.signal, limitBytes, [Symbol.dispose]: () => clearInterval(timer) };
}

async function freeBytes(path: string): Promise<number | undefined> {
  return statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}
