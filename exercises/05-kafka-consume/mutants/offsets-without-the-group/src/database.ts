import { setTimeout as pause } from "node:timers/promises";
import { DatabaseError, Pool } from "pg";
import { describe, log } from "./log.ts";

const firstPauseMs = 200;
const longestPauseMs = 1000;

/** Opens no connection yet: the database may be away when the program starts, as at any other time. */
export function openDatabase(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    // One batch is written at a time; beside it, the offsets are asked for.
    max: 2,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 0,
    // The server gives up on a statement that waits for a lock, so that SIGTERM need not wait for it; the client gives
    // up a little later on a server that says nothing any more.
    statement_timeout: 5000,
    query_timeout: 6000,
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it is an event without a caller. Unheard, it would end the process.
  pool.on("error", (error) =>
    log("warn", "an idle database connection broke", { error: describe(error) }),
  );
  return pool;
}

/** Whether the database has understood and will never take these rows: a data exception or a broken constraint. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^2[23]/.test(error.code ?? "");
}

/**
 * Tries until the database takes it, with pauses in between: an outage is no reason to end, and a thousand
 * connections a second are no help to a database that comes back.
 * @throws what the database refuses for good, and the signal's reason when it is aborted between two attempts
 */
export async function untilTheDatabaseAnswers<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (isRefusal(error)) throw error;
      log("warn", "the database did not take a batch", { error: describe(error), pauseMs });
    }
    // A pause that is cut short tells it by an error of its own; what counts is why.
    await pause(pauseMs, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}
