import { Client, escapeIdentifier, type QueryResultRow } from "pg";
import type { Door } from "../faults/door.ts";

/** Where to find a database, with the name and the password of a role. */
export interface DatabaseUris {
  /** The program's role, which has the database's name and owns it. */
  readonly owner: string;
  /** The grader's own: it may do what the owner may, and the owner can neither use up its connections nor end them. */
  readonly grader: string;
}

/** A database of one check. */
export class Database implements AsyncDisposable {
  readonly #uris: DatabaseUris;
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

  /** Asks the database as the grader, past all doors. */
  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    this.#client ??= this.#connect();
    return (await (await this.#client).query<Row>(sql, values)).rows;
  }

  /** Holds a table so that nobody reads or writes it, until the end of the scope. */
  async lock(table: string): Promise<AsyncDisposable> {
    const client = await this.#connect();
    await client.query("BEGIN");
    await client.query(`LOCK TABLE ${escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
    return { [Symbol.asyncDispose]: async () => client.end() };
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

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#uris.grader,
      connectionTimeoutMillis: 10_000,
    });
    await client.connect();
    // A server that dies is found by `diagnose`; without a listener it would end the grader.
    client.on("error", () => {});
    return client;
  }
}
