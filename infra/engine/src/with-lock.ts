import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const retryMs = 100;

export interface LockOptions {
  /** Called once when another process holds the lock. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while no other process of this user holds the lock of that name.
 *
 * Node has no flock(2). An open SQLite transaction is the same thing: a lock of the kernel's on a file, which falls
 * when its holder dies, however it dies, so that no lock is ever left over.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const folder = join(tmpdir(), `onramp-locks-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, `${name.replaceAll(/[^\w.-]/g, "_")}.lock`), {
    timeout: 0,
  });
  try {
    let isWaiting = false;
    while (!tryBegin(database)) {
      if (!isWaiting) options.onWait?.();
      isWaiting = true;
      await delay(retryMs, undefined, { signal: options.signal });
    }
    return await work();
  } finally {
    // Closing rolls back, and so frees the lock.
    database.close();
  }
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) return false;
    throw error;
  }
}
