// The submission's program with its topics, and what every check of it needs.
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually, type Observation } from "@onramp/grading/eventually";
import type { Door } from "@onramp/testbed/faults/door";
import { type KafkaService, startKafka } from "@onramp/testbed/kafka/kafka-service";
import type { TopicReader } from "@onramp/testbed/kafka/topic-reader";
import type { Program } from "@onramp/testbed/program/program";
import { type ProgramService, startProgram } from "@onramp/testbed/program/program-service";

export const check = createCheck({
  kafka: (job) => startKafka(job, { logsRequests: true }),
  program: startProgram,
});

export interface Services {
  readonly kafka: KafkaService;
  readonly program: ProgramService;
}

export interface ProducerOptions {
  readonly memoryBytes?: number;
  /** Put on the door before the program starts. */
  readonly fault?: (door: Door) => Promise<void>;
  /** The trips are not followed while the program runs, because there are too many. */
  readonly isLarge?: boolean;
}

/** The program at work: it has topics and a way to the broker of its own. */
export class Producer implements AsyncDisposable {
  readonly program: Program;
  readonly door: Door;
  readonly #trips: TopicReader | undefined;
  readonly deadLetters: TopicReader;
  readonly tripsTopic: string;
  readonly deadLetterTopic: string;
  readonly #context: CheckContext;
  readonly #resources: AsyncDisposableStack;

  constructor(
    parts: Pick<Producer, "program" | "door" | "deadLetters" | "tripsTopic" | "deadLetterTopic">,
    trips: TopicReader | undefined,
    context: CheckContext,
    resources: AsyncDisposableStack,
  ) {
    this.program = parts.program;
    this.door = parts.door;
    this.#trips = trips;
    this.deadLetters = parts.deadLetters;
    this.tripsTopic = parts.tripsTopic;
    this.deadLetterTopic = parts.deadLetterTopic;
    this.#context = context;
    this.#resources = resources;
  }

  /** What arrives in the topic, unless there are too many trips to follow. */
  get trips(): TopicReader {
    if (this.#trips === undefined) throw new Error("The trips of a large run are not followed.");
    return this.#trips;
  }

  /** Writes lines to the program's standard input. */
  async feed(lines: Iterable<string | Buffer>): Promise<void> {
    await this.program.input.write(withNewlines(lines));
  }

  /**
   * Waits until that many trips stand in the topic.
   * @param fed how many lines the program has been given, for the message
   */
  async untilDelivered(count: number, fed: number, withinMs = 20_000): Promise<void> {
    const what = `${count} records stand in ${this.tripsTopic} while the input stays open, after ${fed} lines`;
    await this.until(what, withinMs, async () => {
      const seen = this.trips.records.length;
      return { done: seen >= count, seen: `${seen} records` };
    });
  }

  /** Waits as `eventually` does, for as long as the program lives, and keeps what it wrote when the wait was in vain. */
  async until(
    what: string,
    withinMs: number,
    probe: () => Promise<Observation<undefined>>,
  ): Promise<void> {
    const hasDied = (): Promise<string | undefined> => this.program.container.describeEnd();
    try {
      await eventually(what, probe, { withinMs, signal: this.#context.signal, hasDied });
    } catch (error) {
      await this.keepLog();
      throw error;
    }
  }

  /** Ends the input, waits for the program's end, and fails the check unless it ends with 0. */
  async finish(withinMs: number): Promise<void> {
    this.program.input.close();
    const end = await this.program.container.waitForEnd(withinMs);
    await this.keepLog();
    const expected = `exit code 0 within ${withinMs / 1000} s after the end of the input`;
    if (end === undefined) {
      fail(`The program was still running ${withinMs / 1000} s after the end of its input.`, {
        expected,
        actual: "still running",
      });
    }
    if (end.exitCode === 0) return;
    const actual = (await this.program.container.describeEnd()) ?? "";
    fail(`The program did not end well: ${actual}.`, { expected, actual });
  }

  /** Keeps what the program wrote. */
  async keepLog(): Promise<void> {
    await this.program.keepLog(this.#context.evidence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

const partitions = 3;

/** Starts the program with topics of its own, named after the seed and the purpose. */
export async function startProducer(
  { kafka, program }: Services,
  context: CheckContext,
  purpose: string,
  { memoryBytes, fault, isLarge = false }: ProducerOptions = {},
): Promise<Producer> {
  await using resources = new AsyncDisposableStack();
  const suffix = context.seed.hex(`topics of ${purpose}`, 8);
  const tripsTopic = `trips-${suffix}`;
  const deadLetterTopic = `rejected-${suffix}`;
  await kafka.createTopic(tripsTopic, partitions);
  await kafka.createTopic(deadLetterTopic, 1);
  const door = resources.use(await kafka.openDoor());
  await fault?.(door);
  const deadLetters = resources.use(await kafka.read(deadLetterTopic));
  const trips = isLarge ? undefined : resources.use(await kafka.read(tripsTopic));
  const environment = {
    KAFKA_BROKERS: door.address,
    TRIPS_TOPIC: tripsTopic,
    DEAD_LETTER_TOPIC: deadLetterTopic,
  };
  context.evidence(
    "How it was run",
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
  );
  const running = resources.use(await program.start({ environment, memoryBytes }));
  return new Producer(
    { program: running, door, deadLetters, tripsTopic, deadLetterTopic },
    trips,
    context,
    resources.move(),
  );
}

function* withNewlines(lines: Iterable<string | Buffer>): Generator<Buffer> {
  let chunk: Buffer[] = [];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.from(line);
    chunk.push(bytes, newline);
    size += bytes.length + 1;
    if (size < chunkBytes) continue;
    yield Buffer.concat(chunk);
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield Buffer.concat(chunk);
}

const newline = Buffer.from("\n");
const chunkBytes = 65_536;
