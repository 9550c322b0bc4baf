import { readdir, readFile } from "node:fs/promises";

/** Follows the largest resident size of any grader's process, by Linux's /proc; 0 elsewhere. */
export function watchGraderMemory(): Disposable & { peakBytes(): number } {
  let peak = 0;
  const measure = async (): Promise<void> => {
    const bytes = await largestGrader();
    peak = Math.max(peak, bytes);
  };
  const timer = setInterval(() => {
    void measure();
  }, 250).unref();
  return { peakBytes: () => peak, [Symbol.dispose]: () => clearInterval(timer) };
}

async function largestGrader(): Promise<number> {
  const ids = await readdir("/proc").catch(() => []);
  const sizes = ids
    .filter((id) => /^\d+$/.test(id))
    .map(async (id) => {
      const command = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
      if (!command.includes("grader-process.ts")) return 0;
      const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
      // VmHWM: the high-water mark of resident memory, in kilobytes.
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(0, ...(await Promise.all(sizes)));
}
