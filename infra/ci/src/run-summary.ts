import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const runSummary = z.object({
  tasks: z.array(
    z.object({
      taskId: z.string(),
      execution: z.object({ exitCode: z.number().nullish() }).nullish(),
    }),
  ),
});

/** The exit codes by task (`//#lint`, `package#task`) from the summaries that Turbo left in a directory. */
export async function exitCodesOf(directory: string): Promise<Map<string, number>> {
  const exitCodes = new Map<string, number>();
  for (const file of await readdir(directory).catch((): string[] => [])) {
    const { tasks } = runSummary.parse(JSON.parse(await readFile(join(directory, file), "utf8")));
    for (const { taskId, execution } of tasks) {
      if (typeof execution?.exitCode === "number") exitCodes.set(taskId, execution.exitCode);
    }
  }
  return exitCodes;
}
