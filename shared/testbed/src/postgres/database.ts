import { Client, escapeIdentifier, escapeLiteral, type QueryResultRow } from "pg";
import type { Door } from "../faults/door.ts";

/** Where to find a database, with the name and the password of a role. */
export interface DatabaseUris {
  /** The program's role, which has the database's name and owns it. */
  readonly owner: string;
  /** The grader's own: it may do what the owner may, and the owner can neither use up its connections nor end them. */
  readonly grader: string;
}

/** A connection with a transaction of its own. */
export interface Session extends AsyncDisposable {
  /** The server's process for it, as in `pg_locks`. */
  readonly pid: number;
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A database of one check. */
export class Database implements AsyncDisposable {
  #uris: DatabaseUris;
  readonly #openDoor: () => Promise<Door>;
  #client: Promise<Client> | undefined;

  constructor(uris: DatabaseUris, openDoor: () => Promise<Door>) {
    this.#uris = uris;
    this.#openDoor = openDoor;
  }

  /** Opens a program's way to the database. */
  async openDoor(): Promise<Door> {
    return this.#openDoor();
  }

  /** What a program that comes by this door gets as `DATABASE_URL`. */
  uriBy(door: Door): string {
    const uri = new URL(this.#uris.owner);
    uri.host = door.address;
    return uri.href;
  }

  /** Gives the program's role another password; what {@link uriBy} says from now on has it. */
  async changePassword(password: string): Promise<void> {
    const owner = new URL(this.#uris.owner);
    // A role may change its own password, and the grader's is not the server's owner.
    const client = await connect(this.#uris.owner);
    await client.query(
      `ALTER ROLE ${escapeIdentifier(owner.username)} PASSWORD ${escapeLiteral(password)}`,
    );
    await client.end();
    owner.password = password;
    this.#uris = { ...this.#uris, owner: owner.href };
  }

  /** Asks the database as the grader, past all doors. */
  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    this.#client ??= connect(this.#uris.grader);
    return (await (await this.#client).query<Row>(sql, values)).rows;
  }

  /** Holds a table so that nobody reads or writes it, until the end of the scope. */
  async lock(table: string): Promise<AsyncDisposable> {
    const client = await connect(this.#uris.grader);
    await client.query("BEGIN");
    await client.query(`LOCK TABLE ${escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
    return { [Symbol.asyncDispose]: async () => client.end() };
  }

  /** A connection of the grader's own, for a transaction that stays open. It ends with the scope. */
  async session(): Promise<Session> {
    const client = await connect(this.#uris.grader);
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return {
      pid: rows[0]?.pid ?? 0,
      query: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(sql, [...values])).rows,
      [Symbol.asyncDispose]: async () => client.end(),
    };
  }

  /** How many sessions of the program wait for a lock. */
  async waiting(): Promise<number> {
    const [row] = await this.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE usename = current_database() AND wait_event_type = 'Lock'",
    );
    return Number(row?.count ?? 0);
  }

  /** Ends the program's sessions: what they have begun and not committed is gone. */
  async disconnectProgram(): Promise<void> {
    await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_database()",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#client)?.end();
  }
}

/** Opens a connection that outlives the death of its server without ending the grader. */
export async function connect(uri: string): Promise<Client> {
  const client = new Client({ connectionString: uri, connectionTimeoutMillis: 10_000 });
  await client.connect();
  // A server that dies is found by `diagnose`; without a listener it would end the grader.
  client.on("error", () => {});
  return client;
}
