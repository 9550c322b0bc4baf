// What every check needs: topics, a database and a group of its own, and the submission's program at work on them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { Door } from "@onramp/testbed/faults/door";
import { type KafkaService, startKafka } from "@onramp/testbed/kafka/kafka-service";
import type { TopicReader } from "@onramp/testbed/kafka/topic-reader";
import type { Database } from "@onramp/testbed/postgres/database";
import { type PostgresService, startPostgres } from "@onramp/testbed/postgres/postgres-service";
import { type ProgramService, startProgram } from "@onramp/testbed/program/program-service";
import { Instance } from "./instance.ts";
import { partitions, type TripRecord } from "./trip-records.ts";
import { type ExpectedTrips, firstDifference } from "./trip-rows.ts";
import { countRows, readRows } from "./trip-table.ts";

export const check = createCheck({
  kafka: startKafka,
  postgres: startPostgres,
  program: startProgram,
});

export interface Services {
  readonly kafka: KafkaService;
  readonly postgres: PostgresService;
  readonly program: ProgramService;
}

export interface InstanceOptions {
  readonly memoryBytes?: number;
  /** 6,000 ms unless told: so long the broker waits for a member that was killed. */
  readonly sessionTimeoutMs?: number;
  readonly group?: string;
  /** Put on the way to the database before the program starts. */
  readonly databaseFault?: (door: Door) => Promise<void>;
}

const metricsPort = 9464;

/** Topics, a database and a group: what the program's instances work on. */
export class Consumption implements AsyncDisposable {
  readonly topic: string;
  readonly group: string;
  readonly database: Database;
  readonly deadLetters: TopicReader;
  readonly #deadLetterTopic: string;
  readonly #services: Services;
  readonly #context: CheckContext;
  readonly #resources: AsyncDisposableStack;

  constructor(
    names: { topic: string; deadLetterTopic: string; group: string },
    parts: { database: Database; deadLetters: TopicReader; services: Services },
    context: CheckContext,
    resources: AsyncDisposableStack,
  ) {
    this.topic = names.topic;
    this.group = names.group;
    this.database = parts.database;
    this.deadLetters = parts.deadLetters;
    this.#deadLetterTopic = names.deadLetterTopic;
    this.#services = parts.services;
    this.#context = context;
    this.#resources = resources;
  }

  /** Writes records to the topic, in their order. */
  async produce(records: readonly TripRecord[]): Promise<void> {
    // A request has one batch for each partition, and the broker takes 1 MB in one.
    for (let start = 0; start < records.length; start += 1000)
      await this.#services.kafka.produce(this.topic, records.slice(start, start + 1000));
  }

  /** Starts an instance of the program, with ways to the broker and the database that are its own. */
  async start(options: InstanceOptions = {}): Promise<Instance> {
    const { kafka, program } = this.#services;
    const { memoryBytes, sessionTimeoutMs = 6000, group = this.group, databaseFault } = options;
    await using resources = new AsyncDisposableStack();
    const broker = resources.use(await kafka.openDoor());
    const databaseDoor = resources.use(await this.database.openDoor());
    await databaseFault?.(databaseDoor);
    const environment = {
      KAFKA_BROKERS: broker.address,
      TRIPS_TOPIC: this.topic,
      DEAD_LETTER_TOPIC: this.#deadLetterTopic,
      CONSUMER_GROUP: group,
      SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
      DATABASE_URL: this.database.uriBy(databaseDoor),
      METRICS_PORT: String(metricsPort),
    };
    this.#context.evidence(
      "How it was run",
      Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .join("\n"),
    );
    const running = resources.use(await program.start({ environment, memoryBytes }));
    return new Instance(running, databaseDoor, metricsPort, this.#context, resources.move());
  }

  /**
   * Waits until the table holds what it has to hold.
   * @param instances those whose end would make the wait useless
   * @param when how the message goes on: "after the database came back"
   */
  async untilRight(
    expected: ExpectedTrips,
    instances: readonly Instance[],
    { withinMs, when }: { readonly withinMs: number; readonly when: string },
  ): Promise<void> {
    const what = `The table holds the ${expected.size} trips ${when}`;
    await this.#watching(instances, () =>
      eventually(
        what,
        async () => {
          const difference = firstDifference(expected, await readRows(this.database));
          return { done: difference === undefined, seen: difference ?? "every trip" };
        },
        { withinMs, everyMs: 100, signal: this.#context.signal, hasDied: () => deathOf(instances) },
      ),
    );
  }

  /** Waits until the table has that many rows. */
  async untilRows(count: number, instance: Instance, withinMs = 30_000): Promise<void> {
    await this.#watching([instance], () =>
      eventually(
        `${count} rows are in the table`,
        async () => {
          const rows = await countRows(this.database);
          return { done: rows >= count, seen: `${rows} rows` };
        },
        { withinMs, signal: this.#context.signal, hasDied: () => deathOf([instance]) },
      ),
    );
  }

  /** Waits until a statement of the program waits for a lock that the check holds. */
  async untilItWaits(instance: Instance): Promise<void> {
    await this.#watching([instance], () =>
      eventually(
        "The program waits to write to the table, which the grader has locked",
        async () => {
          const waiting = await this.database.waiting();
          return { done: waiting > 0, seen: `${waiting} sessions of the database wait` };
        },
        { withinMs: 20_000, signal: this.#context.signal, hasDied: () => deathOf([instance]) },
      ),
    );
  }

  /** Waits until the group has two members that share the partitions; `meanwhile` is called before each look. */
  async untilShared(instances: readonly Instance[], meanwhile: () => Promise<void>): Promise<void> {
    await this.#watching(instances, () =>
      eventually(
        `The group ${this.group} has two members, and each has partitions`,
        async () => {
          await meanwhile();
          const members = await this.#services.kafka.members(this.group);
          const counts = members.map((member) => member.partitions.length);
          const isShared = counts.length === 2 && counts.every((count) => count > 0);
          const shares = counts.map((count) => `${count} partitions`).join(" and ");
          return {
            done: isShared,
            seen: `${counts.length} members${shares && `, with ${shares}`}`,
          };
        },
        {
          withinMs: 40_000,
          everyMs: 200,
          signal: this.#context.signal,
          hasDied: () => deathOf(instances),
        },
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #watching(instances: readonly Instance[], wait: () => Promise<void>): Promise<void> {
    try {
      await wait();
    } catch (error) {
      for (const instance of instances) await instance.keepLog();
      throw error;
    }
  }
}

/** Fails when an instance has ended that has to live. */
export async function demandAlive(instance: Instance, when: string): Promise<void> {
  const end = await instance.program.container.describeEnd();
  if (end === undefined) return;
  await instance.keepLog();
  fail(`The program did not stay up ${when}: ${end}.`, { expected: "it stays up", actual: end });
}

async function deathOf(instances: readonly Instance[]): Promise<string | undefined> {
  for (const { program } of instances) {
    const end = await program.container.describeEnd();
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Makes topics, a database and a group, named after the seed and the purpose. */
export async function openConsumption(
  services: Services,
  context: CheckContext,
  purpose: string,
): Promise<Consumption> {
  await using resources = new AsyncDisposableStack();
  const { kafka, postgres } = services;
  const suffix = context.seed.hex(`names of ${purpose}`, 8);
  const names = {
    topic: `trips-${suffix}`,
    deadLetterTopic: `rejected-${suffix}`,
    group: `table-writer-${suffix}`,
  };
  await kafka.createTopic(names.topic, partitions);
  await kafka.createTopic(names.deadLetterTopic, 1);
  const schema = await readFile(join(context.job.exerciseDirectory, "starter/schema.sql"), "utf8");
  const password = context.seed.hex(`password of ${purpose}`, 16);
  const database = resources.use(
    await postgres.createDatabase(`fleet_${suffix}`, password, schema),
  );
  const deadLetters = resources.use(await kafka.read(names.deadLetterTopic));
  return new Consumption(names, { database, deadLetters, services }, context, resources.move());
}
