import { statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** The files below a directory, by their paths in it, sorted; none where there is no such directory. */
export async function filesBelow(directory: string): Promise<Map<string, Buffer>> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return new Map();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(directory, path))] as const),
    ),
  );
}
