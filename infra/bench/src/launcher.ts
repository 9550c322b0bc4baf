import { repositoryRoot } from "@onramp/cli/repository";
import { execa } from "execa";

const runs = 15;

/** How long `onramp status` takes through the launcher on the locked Node: median and slowest of 15 runs, in ms. */
export async function measureLauncher(): Promise<{
  statusMedianMs: number;
  statusSlowestMs: number;
}> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await execa(process.execPath, [`${repositoryRoot}shared/cli/bin/onramp.mjs`, "status"]);
    times.push(Math.round(performance.now() - start));
  }
  times.sort((a, b) => a - b);
  return { statusMedianMs: times[Math.floor(runs / 2)] ?? 0, statusSlowestMs: times.at(-1) ?? 0 };
}
