import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@onramp/engine/engine";
import { z } from "zod";

/** For how long a registry that did not answer is not asked again. */
const memoryMs = 10 * 60_000;

const memory = z.object({ reason: z.string(), untilMs: z.number() });

/**
 * Why the registry of an image, or Docker Hub, cannot be reached from this engine, when that was found out in the last
 * 10 minutes.
 */
export async function unreachableReason(engine: Engine, ref = ""): Promise<string | undefined> {
  const known = await remembered(memoryFile(engine, ref));
  return known !== undefined && known.untilMs > Date.now() ? known.reason : undefined;
}

/** Remembers that the registry of an image cannot be reached, for this and other processes. */
export async function rememberUnreachable(
  engine: Engine,
  ref: string,
  reason: string,
): Promise<void> {
  await writeFile(
    memoryFile(engine, ref),
    JSON.stringify({ reason, untilMs: Date.now() + memoryMs }),
    {
      mode: 0o600,
    },
  );
}

/** True for the engine's words about a registry that cannot be talked to, as against an image that it has not. */
export function isUnreachable(message: string): boolean {
  return /no such host|connection refused|i\/o timeout|no route to host|network is unreachable|TLS handshake|x509|deadline exceeded|Client\.Timeout|proxyconnect|connection reset|server misbehaving|: EOF|bad gateway|service unavailable/i.test(
    message,
  );
}

/** The registry that a reference names, by its first part; Docker Hub where it names none. */
export function registryOf(ref: string): string {
  const [first = "", ...rest] = ref.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

/** What a file remembers; nothing when it is not there, or is being written at this moment. */
async function remembered(file: string): Promise<z.output<typeof memory> | undefined> {
  try {
    return memory.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

function memoryFile(engine: Engine, ref: string): string {
  // Another mirror is another registry.
  const key = `${engine.id} ${process.getuid?.()} ${registryOf(ref)}`;
  return join(
    tmpdir(),
    `onramp-registry-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.json`,
  );
}
