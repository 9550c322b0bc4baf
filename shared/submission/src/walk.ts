import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";

export type EntryKind = "file" | "directory" | "symbolic link" | "named pipe" | "socket" | "device";

/** One entry below a directory. */
export interface Entry {
  /** Relative to the directory, with `/`. Bytes that are no UTF-8 stand as U+FFFD. */
  readonly path: string;
  /** The path with control characters and quotes escaped, for people. */
  readonly printable: string;
  readonly isUtf8: boolean;
  readonly kind: EntryKind;
}

/** Tools fill these with thousands of files; they are never looked into. */
const skipped = new Set(["node_modules", ".git"]);

/** Every entry below a directory, without following links; `node_modules` and `.git` are not looked into. */
export async function* walk(directory: string, below = ""): AsyncGenerator<Entry> {
  // Node's types leave out that `opendir` takes the encoding "buffer"; a name may hold any bytes on Linux.
  const entries = await opendir(join(directory, below), { encoding: "buffer" as BufferEncoding });
  const children: { name: Buffer; entry: Dirent }[] = [];
  for await (const entry of entries)
    children.push({ name: entry.name as unknown as Buffer, entry });
  children.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const { name: bytes, entry } of children) {
    const name = bytes.toString("utf8");
    const isUtf8 = Buffer.compare(Buffer.from(name), bytes) === 0;
    const path = below === "" ? name : `${below}/${name}`;
    const kind = kindOf(entry);
    yield { path, printable: printable(path), isUtf8, kind };
    if (kind === "directory" && isUtf8 && !skipped.has(name)) yield* walk(directory, path);
  }
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symbolic link";
  if (entry.isFIFO()) return "named pipe";
  if (entry.isSocket()) return "socket";
  return "device";
}

function printable(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return path.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
