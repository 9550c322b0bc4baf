import { resolve } from "node:path";

/**
 * A name for each submission's folder: as much of the end of its path as makes it unlike the others, in characters
 * that are safe in a file's name everywhere. Unique also where a file system does not tell upper from lower case.
 */
export function submissionNames(directories: readonly string[]): string[] {
  const paths = directories.map((directory) => resolve(directory).split("/").filter(Boolean));
  const taken = new Set<string>();
  return paths.map((path) => {
    const wanted = shortest(path, paths);
    let name = wanted;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function shortest(path: readonly string[], paths: readonly (readonly string[])[]): string {
  for (let parts = 1; parts < path.length; parts += 1) {
    const name = nameOf(path.slice(-parts));
    const alike = paths.filter((other) => nameOf(other.slice(-parts)) === name);
    if (alike.length === 1) return name;
  }
  return nameOf(path);
}

function nameOf(parts: readonly string[]): string {
  const safe = parts
    .join("-")
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "");
  // A name of a file has at most 255 bytes, and a letter up to 4.
  return Array.from(safe).slice(-60).join("") || "submission";
}
