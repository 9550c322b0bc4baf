import { Client, escapeIdentifier, type QueryResultRow } from "pg";
import type { Door } from "../faults/door.ts";

/** What the grader's own sessions are called at the server. */
const ownName = "onramp-grader";

/** A database of one check. */
export class Database implements AsyncDisposable {
  readonly #uri: string;
  readonly #openDoor: () => Promise<Door>;
  #client: Promise<Client> | undefined;

  constructor(uri: string, openDoor: () => Promise<Door>) {
    this.#uri = uri;
    this.#openDoor = openDoor;
  }

  /** Opens a program's way to the database. */
  async openDoor(): Promise<Door> {
    return this.#openDoor();
  }

  /** What a program that comes by this door gets as `DATABASE_URL`. */
  uriBy(door: Door): string {
    const uri = new URL(this.#uri);
    uri.host = door.address;
    return uri.href;
  }

  /** Asks the database as its owner, past all doors. */
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

  /** How many sessions wait for a lock. */
  async waiting(): Promise<number> {
    const [row] = await this.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return Number(row?.count ?? 0);
  }

  /** Ends the sessions of everybody else: what they have begun and not committed is gone. */
  async disconnectOthers(): Promise<void> {
    await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> $1",
      [ownName],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#client)?.end();
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#uri,
      connectionTimeoutMillis: 10_000,
      application_name: ownName,
    });
    await client.connect();
    // A server that dies is found by `diagnose`; without a listener it would end the grader.
    client.on("error", () => {});
    return client;
  }
}
