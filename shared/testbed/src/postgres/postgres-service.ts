import { randomBytes } from "node:crypto";
import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { type Client, escapeLiteral } from "pg";
import { Wait } from "testcontainers";
import { gradingLabel } from "../docker/labels.ts";
import { publishOnLoopback } from "../docker/loopback-container.ts";
import type { ServiceContainer } from "../docker/service-container.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import { type FaultProxy, type ProxiedService, startProxied } from "../faults/fault-proxy.ts";
import { connect, Database } from "./database.ts";

const postgresImage = "postgres:15-bookworm";
const serverPort = 5432;
const serviceName = "postgres";
/** How many programs can connect at the same time, each by a door of its own. */
const doors = 16;
const firstDoor = 5501;

/** Durability costs time, and a database of a grading does not outlive it. */
const settings = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  // Room for the most that the roles of all checks may take.
  "max_connections=800",
];
/** As many connections a program's role gets: one that loses them harms itself, and not what runs beside it. */
const ownerConnections = 50;

export interface PostgresOptions {
  /** What the server is called on the internal network; a second way to it, at other ports, needs another name. */
  readonly name?: string;
}

class PostgresContainer extends PostgreSqlContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    publishOnLoopback(this.hostConfig.PortBindings);
    // A health check four times a second would go on for as long as the server lives, and take a fifth of a processor.
    this.createOpts.Healthcheck = { Test: ["NONE"] };
  }
}

/** The testbed service `postgres`: one real server, with a database of its own for each check. */
export class PostgresService implements StartedService {
  readonly #testbed: Testbed;
  readonly #container: ServiceContainer;
  readonly #isShared: boolean;
  readonly #faultProxy: FaultProxy;
  readonly #databases: string[] = [];

  constructor(testbed: Testbed, { container, isShared, faultProxy }: ProxiedService) {
    this.#testbed = testbed;
    this.#container = container;
    this.#isShared = isShared;
    this.#faultProxy = faultProxy;
  }

  get containerId(): string {
    return this.#container.id;
  }

  /**
   * Makes a database, with a role of the same name that owns it and whatever `schema` makes in it.
   * @param database lower-case letters, digits and underscores
   */
  async createDatabase(database: string, password: string, schema: string): Promise<Database> {
    this.#databases.push(database);
    const grader = graderOf(database);
    const graderPassword = randomBytes(16).toString("hex");
    await using server = await this.#connect(this.#serverUri);
    for (const statement of [
      `CREATE ROLE ${database} LOGIN PASSWORD ${escapeLiteral(password)} CONNECTION LIMIT ${ownerConnections}`,
      `CREATE DATABASE ${database} OWNER ${database}`,
      `CREATE ROLE ${grader} LOGIN PASSWORD '${graderPassword}' IN ROLE ${database}`,
    ])
      await server.client.query(statement);
    const uris = {
      owner: this.uriOf(database, password),
      grader: this.uriOf(database, graderPassword, grader),
    };
    await using owner = await this.#connect(uris.owner);
    await owner.client.query(schema);
    return new Database(uris, async () => this.#faultProxy.openDoor(() => this.#upstream));
  }

  /**
   * Makes a database that is as another one, of which nobody may be a user at the moment. One that is there goes,
   * whoever uses it.
   */
  async copyDatabase(from: string, to: string, owner: string): Promise<void> {
    await using server = await this.#connect(this.#serverUri);
    await server.client.query(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
    await server.client.query(
      `CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY file_copy OWNER ${owner}`,
    );
  }

  /** Where a client on this machine finds a database. */
  uriOf(database: string, password: string, username = database): string {
    const uri = new URL(`postgres://127.0.0.1:${this.#container.publishedPort(serverPort)}`);
    return Object.assign(uri, { username, password, pathname: database }).href;
  }

  /** Holds the server still, as if its machine had stopped, until the end of the scope. */
  async pause(): Promise<AsyncDisposable> {
    return this.#testbed.pause(this.#container.id);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    const fault = await this.#testbed.diagnose();
    if (fault !== undefined) return fault;
    let silence = await this.#silence();
    // A connection that was cut is no word about the server: it may have begun while the server stood still.
    if (silence?.includes("terminated")) silence = await this.#silence();
    if (silence === undefined) return undefined;
    return new OnrampError("SERVICE_DIED", `PostgreSQL does not answer: ${silence}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#faultProxy[Symbol.asyncDispose]();
    // Others go on working with the server, which may also be gone.
    if (this.#isShared) await Promise.allSettled([this.#removeDatabases()]);
    else await this.#testbed.remove(this.#container.id);
    await this.#testbed[Symbol.asyncDispose]();
  }

  get #upstream(): string {
    return `${this.#container.hostname}:${serverPort}`;
  }

  /** The server's own user: its password is of this server alone, so that no program knows it. */
  get #serverUri(): string {
    const [user, password, database] = ["USER", "PASSWORD", "DB"].map((part) =>
      this.#container.variable(`POSTGRES_${part}`),
    );
    return this.uriOf(database ?? "", password ?? "", user);
  }

  /** Why the server does not answer; undefined when it does. */
  async #silence(): Promise<string | undefined> {
    try {
      await using server = await this.#connect(this.#serverUri);
      await server.client.query("SELECT 1");
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  async #removeDatabases(): Promise<void> {
    await using server = await this.#connect(this.#serverUri);
    for (const database of this.#databases) {
      await server.client.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await server.client.query(`DROP ROLE ${graderOf(database)}, ${database}`);
    }
  }

  async #connect(uri: string): Promise<AsyncDisposable & { readonly client: Client }> {
    const client = await connect(uri);
    return { client, [Symbol.asyncDispose]: async () => client.end() };
  }
}

/** The role by which the grader looks into a database. */
function graderOf(database: string): string {
  return `${database}_grader`;
}

/**
 * Starts the service `postgres` for a grading, or takes the server that the grading was given.
 * @throws {OnrampError} SERVICE_DIED when the server does not start
 */
export async function startPostgres(
  job: GradingJob,
  { name = serviceName }: PostgresOptions = {},
): Promise<PostgresService> {
  return startOn(job, "PostgreSQL", async (testbed) => {
    const sharedId = job.sharedServices[serviceName];
    const first = name === serviceName ? firstDoor : firstDoor + doors;
    const ports = Array.from({ length: doors }, (_, index) => first + index);
    const parts = await startProxied(testbed, { name, ports }, sharedId, (network) =>
      startServer(job, network),
    );
    return new PostgresService(testbed, parts);
  });
}

async function startServer(job: GradingJob, network: string): Promise<string> {
  const container = await new PostgresContainer(postgresImage)
    .withLabels({ [gradingLabel]: job.gradingId })
    .withNetworkMode(network)
    .withPassword(randomBytes(16).toString("hex"))
    .withCommand(["postgres", ...settings.flatMap((setting) => ["-c", setting])])
    .withResourcesQuota({ memory: 1 })
    // Its first server is there for nobody but itself: it makes the database.
    .withWaitStrategy(Wait.forLogMessage("database system is ready to accept connections", 2))
    .start();
  return container.getId();
}
