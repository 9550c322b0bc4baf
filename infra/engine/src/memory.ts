import { existsSync, readdirSync } from "node:fs";
import { mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** The control group under which an engine of ours keeps every container and every build step. */
export const parentGroup = "/onramp";

/** Three quarters of the memory that this process may count on, in bytes. */
export function memoryLimitBytes(
  total = totalmem(),
  constrained = process.constrainedMemory(),
): number {
  const available = constrained > 0 && constrained < total ? constrained : total;
  return Math.floor((available * 3) / 4);
}

/** Makes {@link parentGroup} and limits its memory, so that a build or a container cannot take the machine with it. */
export async function limitParentGroup(limitBytes: number): Promise<void> {
  if (existsSync(join(root, "cgroup.controllers"))) {
    // Version 2, untried: the controller has to be handed down before a child can limit itself.
    await writeFile(join(root, "cgroup.subtree_control"), "+memory");
    await mkdir(join(root, parentGroup), { recursive: true });
    await writeFile(join(root, parentGroup, "memory.max"), String(limitBytes));
    return;
  }
  const group = join(root, "memory", parentGroup);
  await mkdir(group, { recursive: true });
  await writeFile(join(group, "memory.limit_in_bytes"), String(limitBytes));
}

/** Takes {@link parentGroup} away in every hierarchy. A group that still holds processes stays. */
export async function removeParentGroup(): Promise<void> {
  for (const hierarchy of cgroupHierarchies()) await removeTree(join(hierarchy, parentGroup));
}

/** The roots of the control group hierarchies: one a controller, or a single one in version 2. */
export function cgroupHierarchies(): string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name));
}

async function removeTree(group: string): Promise<void> {
  if (!existsSync(group)) return;
  for (const entry of await readdir(group, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(group, entry.name));
  }
  await rmdir(group).catch(() => undefined);
}
