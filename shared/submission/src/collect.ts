import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codes } from "@onramp/errors/codes";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { ExerciseManifest } from "@onramp/exercise/manifest";
import picomatch from "picomatch";
import { walk } from "./walk.ts";

/** Why a submission cannot be taken. */
export interface Problem {
  readonly code: "SUBMISSION_INVALID";
  readonly detail: string;
  readonly fix: string;
}

/** The editable files of a directory, read once: what is graded is this copy, never the original. */
export interface Submission {
  readonly digest: string;
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** Paths that are there but not editable, made printable; at most 100. */
  readonly ignored: readonly string[];
  readonly ignoredCount: number;
  readonly problems: readonly Problem[];
  /** Writes the files below `target`. */
  copyTo(target: string): Promise<void>;
}

const mostIgnoredListed = 100;

/**
 * Reads the files that an exercise takes from a directory. Links, devices and directories in a file's place are
 * problems, as is passing the limits; nothing beyond the limits is read.
 * @throws {OnrampError} USAGE when there is no such directory
 */
export async function collect(
  directory: string,
  { editable, limits }: Pick<ExerciseManifest, "editable" | "limits">,
): Promise<Submission> {
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new OnrampError("USAGE", `There is no directory \`${directory}\`.`);

  const isEditable = picomatch(editable, { dot: true });
  const contents = new Map<string, Buffer>();
  const problems: Problem[] = [];
  const ignored: string[] = [];
  let ignoredCount = 0;
  let bytes = 0;
  const refuse = (detail: string): void => {
    if (problems.length < 20)
      problems.push({ code: "SUBMISSION_INVALID", detail, fix: codes.SUBMISSION_INVALID.fix });
  };

  for await (const { path, printable, isUtf8, kind } of walk(directory)) {
    if (!isEditable(path)) {
      if (kind === "directory") continue;
      ignoredCount += 1;
      if (ignored.length < mostIgnoredListed) ignored.push(printable);
    } else if (!isUtf8 || printable !== path) {
      refuse(`\`${printable}\` has a name with characters that cannot be printed.`);
    } else if (kind !== "file") {
      // A directory may carry an editable name only by matching a glob such as `src/**`, which is meant for its files.
      if (kind !== "directory" || editable.includes(path))
        refuse(`\`${path}\` is a ${kind}, not a regular file.`);
    } else if (contents.size >= limits.files) {
      refuse(`There are more than ${limits.files} files to take; \`${path}\` is one too many.`);
      break;
    } else {
      const content = await readAtMost(join(directory, path), limits.bytes - bytes);
      if (typeof content === "string") {
        refuse(
          content === "too large"
            ? `\`${path}\` takes the files past the limit of ${limits.bytes} bytes together.`
            : `\`${path}\` ${content}.`,
        );
      } else {
        bytes += content.length;
        contents.set(path, content);
      }
    }
  }
  return submissionOf(contents, { ignored, ignoredCount, problems });
}

function submissionOf(
  contents: ReadonlyMap<string, Buffer>,
  rest: Pick<Submission, "ignored" | "ignoredCount" | "problems">,
): Submission {
  const files = [...contents]
    .map(([path, content]) => ({
      path,
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const digest = createHash("sha256").update(
    files.map(({ path, sha256 }) => `${path}\0${sha256}\n`).join(""),
  );
  return {
    ...rest,
    files,
    digest: `sha256:${digest.digest("hex")}`,
    async copyTo(target) {
      for (const [path, content] of contents) {
        await mkdir(dirname(join(target, path)), { recursive: true });
        await writeFile(join(target, path), content);
      }
    },
  };
}

/** The file's content, or why it is not to be had. Follows no link and never waits for a pipe's other end. */
async function readAtMost(file: string, bytes: number): Promise<Buffer | string> {
  try {
    await using handle = await open(
      file,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    const found = await handle.stat();
    if (!found.isFile()) return "is not a regular file";
    if (found.size > bytes) return "too large";
    const buffer = Buffer.alloc(bytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (length > bytes) return "too large";
      if (bytesRead === 0) return buffer.subarray(0, length);
    }
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
