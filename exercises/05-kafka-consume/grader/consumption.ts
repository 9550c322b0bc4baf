// What every check needs: topics, a database and a group of its own, and the submission's program at work on them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { eventually, type Observation } from "@onramp/grading/eventually";
import type { Door } from "@onramp/testbed/faults/door";
import { type KafkaService, startKafka } from "@onramp/testbed/kafka/kafka-service";
import type { TopicReader } from "@onramp/testbed/kafka/topic-reader";
import type { Database } from "@onramp/testbed/postgres/database";
import { type PostgresService, startPostgres } from "@onramp/testbed/postgres/postgres-service";
import { type ProgramService, startProgram } from "@onramp/testbed/program/program-service";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import { deathOf, Instance } from "./instance.ts";
import { tripPartitions, type TripRecord } from "@onramp/testbed/trips/trip-record";
import { type ExpectedTrips, firstDifference } from "./trip-rows.ts";
import { countRows, countRowsOf, readRows } from "./trip-table.ts";
import { TripsTopic } from "./trips-topic.ts";

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
/** How long a table stays as it is before it counts as finished, when the group has committed everything, in milliseconds. */
const stillMs = 8000;

/** Topics, a database and a group: what the program's instances work on. */
export class Consumption implements AsyncDisposable {
  readonly topic: string;
  readonly group: string;
  readonly database: Database;
  readonly deadLetters: TopicReader;
  readonly #topic: TripsTopic;
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
    this.#topic = new TripsTopic(names.topic, parts.services.kafka);
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
    await this.#topic.produce(records);
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
    return new Instance(
      { program: running, databaseDoor, group, metricsPort },
      this.#context,
      resources.move(),
    );
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
    let seen: string | undefined;
    let since = performance.now();
    await this.#until(
      `The table holds the ${expected.size} trips ${when}`,
      instances,
      async () => {
        const difference = firstDifference(expected, await readRows(this.database));
        if (difference !== seen) since = performance.now();
        seen = difference;
        return { done: difference === undefined, seen: difference ?? "every trip" };
      },
      {
        withinMs,
        everyMs: 100,
        isInVain: async () =>
          performance.now() - since > stillMs ? this.#whyNothingComes(instances) : undefined,
      },
    );
  }

  /** Without this, what is lost for good would be waited for to the end. */
  async #whyNothingComes(instances: readonly Instance[]): Promise<string | undefined> {
    for (const { group } of instances) {
      if (await this.#topic.isCommittedBy(group))
        return `the group ${group} has committed every record, and the table has not changed for ${stillMs / 1000} s`;
    }
    return undefined;
  }

  /** Waits until the table has that many rows. */
  async untilRows(count: number, instance: Instance, withinMs = 30_000): Promise<void> {
    const probe = async (): Promise<Observation<undefined>> => {
      const rows = await countRows(this.database);
      return { done: rows >= count, seen: `${rows} rows` };
    };
    await this.#until(`${count} rows are in the table`, [instance], probe, { withinMs });
  }

  /** Waits until these events are in the table, whatever else is. */
  async untilRowsOf(events: readonly TripEvent[], instance: Instance, when: string): Promise<void> {
    const probe = async (): Promise<Observation<undefined>> => {
      const rows = await countRowsOf(this.database, events);
      return { done: rows === events.length, seen: `${rows} of them` };
    };
    const what = `The table holds the ${events.length} trips ${when}`;
    await this.#until(what, [instance], probe, { withinMs: 30_000 });
  }

  /** Waits until a statement of the program waits for a lock that the check holds. */
  async untilItWaits(instance: Instance): Promise<void> {
    const probe = async (): Promise<Observation<undefined>> => {
      const waiting = await this.database.waiting();
      return { done: waiting > 0, seen: `${waiting} sessions of the database wait` };
    };
    const what = "The program waits to write to the table, which the grader has locked";
    await this.#until(what, [instance], probe, { withinMs: 20_000 });
  }

  /** Waits until the group has two members that share the partitions; `meanwhile` is called before each look. */
  async untilShared(instances: readonly Instance[], meanwhile: () => Promise<void>): Promise<void> {
    const probe = async (): Promise<Observation<undefined>> => {
      await meanwhile();
      const members = await this.#services.kafka.members(this.group);
      const counts = members.map((member) => member.partitions.length);
      const isShared = counts.length === 2 && counts.every((count) => count > 0);
      const shares = counts.map((count) => `${count} partitions`).join(" and ");
      return { done: isShared, seen: `${counts.length} members${shares && `, with ${shares}`}` };
    };
    const what = `The group ${this.group} has two members, and each has partitions`;
    await this.#until(what, instances, probe, { withinMs: 40_000, everyMs: 200 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** Waits as `eventually` does, for as long as the instances live, and keeps what they wrote when it was in vain. */
  async #until(
    what: string,
    instances: readonly Instance[],
    probe: () => Promise<Observation<undefined>>,
    { withinMs, everyMs, isInVain }: Wait,
  ): Promise<void> {
    const hasDied = async (): Promise<string | undefined> =>
      (await deathOf(instances)) ?? isInVain?.();
    const { signal } = this.#context;
    try {
      await eventually(what, probe, { withinMs, everyMs, signal, hasDied });
    } catch (error) {
      for (const instance of instances) await instance.keepLog();
      throw error;
    }
  }
}

interface Wait {
  readonly withinMs: number;
  readonly everyMs?: number;
  /** Why nothing more is to be waited for. */
  readonly isInVain?: () => Promise<string | undefined>;
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
  await kafka.createTopic(names.topic, tripPartitions);
  await kafka.createTopic(names.deadLetterTopic, 1);
  const schema = await readFile(join(context.job.exerciseDirectory, "starter/schema.sql"), "utf8");
  const password = context.seed.hex(`password of ${purpose}`, 16);
  const database = resources.use(
    await postgres.createDatabase(`fleet_${suffix}`, password, schema),
  );
  const deadLetters = resources.use(await kafka.read(names.deadLetterTopic));
  return new Consumption(names, { database, deadLetters, services }, context, resources.move());
}
