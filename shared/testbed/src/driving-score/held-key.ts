import { fail } from "@onramp/grading/check-failure";
import type { Database, Session } from "../postgres/database.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const uniqueViolation = "23505";

/**
 * The key of a row in a transaction of the grader's that is not over: whoever writes a row with that key stands still in
 * the middle of writing, until the end of the scope. Nobody else sees anything of it.
 */
export class HeldKey implements AsyncDisposable {
  readonly #session: Session;
  /** Who asks by another connection may stand still behind those who wait for the key. */
  readonly #observer: Session;

  constructor(session: Session, observer: Session) {
    this.#session = session;
    this.#observer = observer;
  }

  /** Holds the key of a driver who has no row on that day. */
  static async of(database: Database, day: string, driver: string): Promise<HeldKey> {
    const statement = "INSERT INTO driving_score VALUES ($1, $2, 0, 0, false)";
    try {
      return await HeldKey.by(database, statement, [day, driver]);
    } catch (error) {
      if ((error as { code?: string }).code !== uniqueViolation) throw error;
      fail(`driving_score has a row of ${driver} for ${day} already.`, {
        expected: `no row of ${driver} before the run of ${day} writes`,
        actual: `a row of ${driver}`,
      });
    }
  }

  /** Holds a row that is there: who deletes or changes it stands still. */
  static async ofRow(database: Database, day: string, driver: string): Promise<HeldKey> {
    const statement =
      "SELECT 1 FROM driving_score WHERE score_date = $1 AND driver_id = $2 FOR UPDATE";
    return HeldKey.by(database, statement, [day, driver]);
  }

  /** Holds what a statement takes. */
  static async by(
    database: Database,
    statement: string,
    values: readonly string[],
  ): Promise<HeldKey> {
    await using sessions = new AsyncDisposableStack();
    const session = sessions.use(await database.session());
    const observer = sessions.use(await database.session());
    await session.query("BEGIN");
    await session.query(statement, values);
    sessions.move();
    return new HeldKey(session, observer);
  }

  /** The server's processes that stand still before it. */
  async waiters(): Promise<number[]> {
    // Whatever lock they wait for: of the row, or of the whole table.
    const rows = await this.#observer.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY(pg_blocking_pids(pid))",
      [this.#session.pid],
    );
    return rows.map(({ pid }) => pid);
  }

  /** Whether somebody stands still before it. */
  async hasWaiters(): Promise<boolean> {
    return (await this.waiters()).length > 0;
  }

  /** Whether one of these processes is in a transaction, and does not stand still before it. */
  async letsPass(pids: readonly number[]): Promise<boolean> {
    const rows = await this.#observer.query(
      "SELECT 1 FROM pg_stat_activity WHERE pid = ANY($2::int[]) AND xact_start IS NOT NULL AND NOT $1 = ANY(pg_blocking_pids(pid))",
      [this.#session.pid, pids],
    );
    return rows.length > 0;
  }

  /** Ends the connections of those who stand still before it. */
  async cutWaiters(): Promise<void> {
    await this.#observer.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", [
      await this.waiters(),
    ]);
  }

  async release(): Promise<void> {
    await this.#session.query("ROLLBACK");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
    await this.#observer[Symbol.asyncDispose]();
  }
}
