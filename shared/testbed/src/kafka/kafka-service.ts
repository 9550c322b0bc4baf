import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { type Admin, AssignerProtocol, type Kafka, type Message, type Producer } from "kafkajs";
import type { ServiceContainer } from "../docker/service-container.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import type { Door } from "../faults/door.ts";
import { type FaultProxy, type ProxiedService, startProxied } from "../faults/fault-proxy.ts";
import { connectKafka } from "./kafka-client.ts";
import { doorPorts, publishedPort, startBroker } from "./kafka-container.ts";
import { type ProduceRequest, produceRequests } from "./request-log.ts";
import { openReader, type ReaderOptions, type TopicReader } from "./topic-reader.ts";

export interface KafkaOptions {
  /** What the broker is called on the internal network; a second one of a grading needs another name. */
  readonly name?: string;
  /** Writes every request into the broker's log, for {@link KafkaService.produceRequests}. */
  readonly logsRequests?: boolean;
}

/** A member of a consumer group, with the partitions that it has been given. */
export interface GroupMember {
  readonly memberId: string;
  readonly partitions: readonly number[];
}

/** How long a broker may be away for a restart, in milliseconds: the briefs give the number. */
const restartLimitMs = 30_000;
/** How long a new topic may take to be ready, in milliseconds. */
const topicLimitMs = 20_000;

const serviceName = "kafka";
const loopback = "127.0.0.1";

/** The testbed service `kafka`: one real broker, which the grader reaches by itself and submissions by doors. */
export class KafkaService implements StartedService {
  readonly #testbed: Testbed;
  readonly #container: ServiceContainer;
  readonly #isShared: boolean;
  readonly #faultProxy: FaultProxy;
  readonly #openedAt = new Date();
  readonly #topics: string[] = [];
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  readonly #producer: Producer;
  /** Another one each time: no program can pass its requests off as the grader's. */
  readonly #clientId = `onramp-${randomUUID()}`;

  constructor(testbed: Testbed, { container, isShared, faultProxy }: ProxiedService) {
    this.#testbed = testbed;
    this.#container = container;
    this.#isShared = isShared;
    this.#faultProxy = faultProxy;
    this.#kafka = connectKafka(loopback, this.publishedPort, this.#clientId);
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
  }

  /** The port on this machine's loopback that clients of the grader connect to. */
  get publishedPort(): number {
    return this.#container.publishedPort(publishedPort);
  }

  get containerId(): string {
    return this.#container.id;
  }

  async connect(): Promise<void> {
    await Promise.all([this.#admin.connect(), this.#producer.connect()]);
  }

  /** Makes a topic that keeps what it gets. */
  async createTopic(topic: string, partitions: number): Promise<void> {
    this.#topics.push(topic);
    const topics = [{ topic, numPartitions: partitions }];
    await this.#admin.createTopics({ topics, waitForLeaders: false });
    // The controller has made it; the broker hears of it a moment later, and kafkajs does not wait for that.
    const end = performance.now() + topicLimitMs;
    for (;;) {
      const reason = await this.#whyNotReady(topic, partitions);
      if (reason === undefined) return;
      if (performance.now() > end)
        throw new OnrampError("SERVICE_SLOW", `The new topic ${topic} is not ready: ${reason}.`);
      await pause(20);
    }
  }

  /** Writes records as they are given, partition included; without one, into partition 0. */
  async produce(topic: string, messages: Message[]): Promise<void> {
    await this.#producer.send({ topic, messages });
  }

  /** Deletes all records of a topic, as retention does with old ones: what comes now has the next offsets. */
  async deleteRecords(topic: string, partitions: number): Promise<void> {
    const ends = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      offset: "-1",
    }));
    await this.#admin.deleteTopicRecords({ topic, partitions: ends });
  }

  /** Opens a program's way to the broker: its address is what the program gets as `KAFKA_BROKERS`. */
  async openDoor(): Promise<Door> {
    return this.#faultProxy.openDoor((port) => `${this.#container.hostname}:${port}`);
  }

  /** Follows a topic from its beginning. */
  async read(topic: string, options: ReaderOptions = {}): Promise<TopicReader> {
    const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions.length ?? 0;
    return openReader(this.#kafka, this.#producer, topic, partitions, options);
  }

  /** The members of a consumer group of the classic protocol, as the broker has them; none while it rebalances. */
  async members(groupId: string): Promise<GroupMember[]> {
    const { groups } = await this.#admin.describeGroups([groupId]);
    const group = groups[0];
    if (group?.state !== "Stable") return [];
    return group.members.map(({ memberId, memberAssignment }) => {
      const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment;
      return { memberId, partitions: Object.values(assignment ?? {}).flat() };
    });
  }

  /** The offsets that a group has committed, by partition; -1 where it has committed none. */
  async committedOffsets(groupId: string, topic: string): Promise<Map<number, bigint>> {
    const [offsets] = await this.#admin.fetchOffsets({ groupId, topics: [topic] });
    return new Map(
      (offsets?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]),
    );
  }

  /** The requests to write that the broker has had from others than the grader, in their order; needs `logsRequests`. */
  async produceRequests(): Promise<ProduceRequest[]> {
    const requests = produceRequests(await this.#log(this.#openedAt));
    return requests.filter(({ clientId }) => clientId !== this.#clientId);
  }

  /**
   * Restarts the broker, as an upgrade would, and waits until it is back with what it had written.
   * @throws {OnrampError} SERVICE_SLOW when that takes longer than the 30 s that programs are told
   */
  async restart(): Promise<void> {
    const starts = await this.#starts();
    await this.#container.exec(["pkill", "-TERM", "-f", "kafka.Kafka "]);
    const end = performance.now() + restartLimitMs;
    while ((await this.#starts()) <= starts) {
      // Nobody's fault but the machine's: never to be taken for a broker that a submission has broken.
      if (performance.now() > end)
        throw new OnrampError("SERVICE_SLOW", "Kafka was not back 30 s after a restart.");
      await pause(100);
    }
  }

  /** Holds the broker still, as if its machine had stopped, until the end of the scope. */
  async pause(): Promise<AsyncDisposable> {
    return this.#testbed.pause(this.#container.id);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    const fault = await this.#testbed.diagnose();
    if (fault !== undefined) return fault;
    // A client of its own: one that has lost its connection would go on trying for longer.
    const probe = connectKafka(loopback, this.publishedPort, "onramp-diagnosis", {
      requestTimeout: 5000,
      retry: { retries: 1 },
    }).admin();
    try {
      await probe.connect();
      await probe.describeCluster();
      return undefined;
    } catch (error) {
      return this.#died(messageOf(error));
    } finally {
      await probe.disconnect();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Others go on working with the broker, which may also be gone.
    if (this.#isShared) await Promise.allSettled([this.#removeTopics()]);
    await Promise.allSettled([this.#admin.disconnect(), this.#producer.disconnect()]);
    await this.#faultProxy[Symbol.asyncDispose]();
    if (!this.#isShared) await this.#testbed.remove(this.#container.id);
    await this.#testbed[Symbol.asyncDispose]();
  }

  async #whyNotReady(topic: string, partitions: number): Promise<string | undefined> {
    try {
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
      const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
      return led === partitions ? undefined : `${led} of ${partitions} partitions have a leader`;
    } catch (error) {
      return messageOf(error);
    }
  }

  async #starts(): Promise<number> {
    return (await this.#log()).split("Kafka Server started").length;
  }

  async #log(since?: Date): Promise<string> {
    return this.#testbed.log(this.#container.id, since);
  }

  async #removeTopics(): Promise<void> {
    if (this.#topics.length > 0) await this.#admin.deleteTopics({ topics: this.#topics });
  }

  #died(reason: string): OnrampError {
    return new OnrampError("SERVICE_DIED", `The Kafka broker does not answer: ${reason}.`);
  }
}

/**
 * Starts the service `kafka` for a grading, or takes the broker that the grading was given.
 * @throws {OnrampError} SERVICE_DIED when the broker does not start
 */
export async function startKafka(
  job: GradingJob,
  { name = serviceName, logsRequests = false }: KafkaOptions = {},
): Promise<KafkaService> {
  return startOn(job, "Kafka", async (testbed) => {
    const sharedId = name === serviceName ? job.sharedServices[name] : undefined;
    const parts = await startProxied(testbed, { name, ports: doorPorts }, sharedId, (network) =>
      startBroker(job.gradingId, { name, network, logsRequests }),
    );
    const service = new KafkaService(testbed, parts);
    await service.connect();
    return service;
  });
}
