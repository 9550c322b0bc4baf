import { randomBytes } from "node:crypto";
import type { Engine } from "@onramp/engine/engine";
import { CheckFailure } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { connectKafka } from "./kafka-client.ts";
import { type KafkaService, startKafka } from "./kafka-service.ts";

const { signal } = new AbortController();
const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let kafka: KafkaService;

beforeAll(async () => {
  engine = await readyEngine("kafka");
  kafka = await startKafka(gradingJob(gradingId), { logsRequests: true });
});

afterAll(async () => {
  await kafka[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

test("a topic is ready when it is made, and its records are read as they were written", async () => {
  await kafka.createTopic("records", 2);
  await using reader = await kafka.read("records");
  await kafka.produce("records", [
    { partition: 1, key: "a", value: "1", headers: { h: "x" }, timestamp: "1767600000000" },
    { partition: 1, key: "a", value: null },
    { partition: 0, key: null, value: "2" },
  ]);
  const records = await reader.readToEnd(signal);
  expect(records.filter(({ partition }) => partition === 1)).toMatchObject([
    { offset: 0n, key: Buffer.from("a"), value: Buffer.from("1"), timestamp: 1_767_600_000_000 },
    { offset: 1n, value: null },
  ]);
  expect(records.find(({ value }) => value !== null)?.headers ?? {}).toBeDefined();
  expect(records).toHaveLength(3);
  // What comes later is read too, by the same reader.
  await kafka.produce("records", [{ partition: 0, value: "3" }]);
  expect(await reader.readToEnd(signal)).toHaveLength(4);
});

test("records are deleted, and what comes then has the next offsets", async () => {
  await kafka.createTopic("shortened", 2);
  await kafka.produce("shortened", [{ value: "1" }, { value: "2" }]);
  await kafka.deleteRecords("shortened", 2);
  await kafka.produce("shortened", [{ value: "3" }]);
  await using reader = await kafka.read("shortened");
  const records = await reader.readToEnd(signal);
  expect(records.map(({ offset, value }) => [offset, value?.toString()])).toEqual([[2n, "3"]]);
});

test("records of a transaction are read when it is committed, and offsets of its own are passed over", async () => {
  await kafka.createTopic("transactions", 1);
  await using reader = await kafka.read("transactions");
  const client = connectKafka("localhost", kafka.publishedPort, "test");
  const producer = client.producer({
    transactionalId: "t",
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  for (const end of ["commit", "abort"] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: "transactions", messages: [{ value: end }] });
    await transaction[end]();
  }
  await producer.disconnect();
  const records = await reader.readToEnd(signal);
  expect(records.map(({ value }) => value?.toString())).toEqual(["commit"]);
  await using impatient = await kafka.read("transactions", { readUncommitted: true });
  const written = await impatient.readToEnd(signal);
  expect(written.map(({ value }) => value?.toString())).toEqual(["commit", "abort"]);
});

/** The broker compresses what it gets as its topic says. */
async function writeCompressed(topic: string, codec: string): Promise<void> {
  const client = connectKafka("localhost", kafka.publishedPort, "test");
  const admin = client.admin();
  await admin.connect();
  const configEntries = [{ name: "compression.type", value: codec }];
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
  await admin.disconnect();
  await kafka.produce(topic, [{ value: "x".repeat(1000) }]);
}

test.each(["gzip", "zstd"])("records compressed by %s are read", async (codec) => {
  await writeCompressed(`by-${codec}`, codec);
  await using reader = await kafka.read(`by-${codec}`);
  const records = await reader.readToEnd(signal);
  expect(records.map(({ value }) => value?.length)).toEqual([1000]);
});

test("a codec that consumers here do not know is named, and is the program's fault", async () => {
  await writeCompressed("by-lz4", "lz4");
  await using reader = await kafka.read("by-lz4");
  const reading = reader.readToEnd(signal);
  await expect(reading).rejects.toThrow(/^The records in by-lz4 cannot be read: .*LZ4/);
  await expect(reading).rejects.toBeInstanceOf(CheckFailure);
});

test("the broker's own log tells what each request to write asked for", async () => {
  await kafka.createTopic("acknowledged", 1);
  const producer = connectKafka("localhost", kafka.publishedPort, "hasty").producer();
  await producer.connect();
  for (const acks of [0, 1, -1])
    await producer.send({ topic: "acknowledged", acks, messages: [{ value: "x" }] });
  await producer.disconnect();
  await using reader = await kafka.read("acknowledged");
  await reader.readToEnd(signal);
  const requests = await kafka.produceRequests();
  const own = requests.filter(({ clientId }) => clientId === "hasty");
  expect(own.map(({ acks }) => acks)).toEqual([0, 1, -1]);
  expect(own[0]?.topics).toEqual(["acknowledged"]);
});

test("members of a group with their partitions, and what it has committed", async () => {
  await kafka.createTopic("grouped", 3);
  await kafka.produce("grouped", [{ partition: 2, value: "x" }]);
  const consumer = connectKafka("localhost", kafka.publishedPort, "test").consumer({
    groupId: "g",
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: "grouped", fromBeginning: true });
  const handled = Promise.withResolvers<void>();
  await consumer.run({ eachMessage: async () => handled.resolve() });
  await handled.promise;
  const [member, ...others] = await kafka.members("g");
  expect(member?.partitions.toSorted()).toEqual([0, 1, 2]);
  expect(others).toEqual([]);
  await consumer.commitOffsets([{ topic: "grouped", partition: 2, offset: "1" }]);
  await consumer.disconnect();
  expect((await kafka.committedOffsets("g", "grouped")).get(2)).toBe(1n);
  expect(await kafka.members("g")).toEqual([]);
});

test("a grading that was given a broker has topics of its own in it, and leaves the rest alone", async () => {
  const guestId = randomBytes(4).toString("hex");
  await kafka.createTopic("of-another", 1);
  {
    const given = { kafka: kafka.containerId };
    await using guest = await startKafka({ ...gradingJob(guestId), sharedServices: given });
    expect(guest.containerId).toBe(kafka.containerId);
    await guest.createTopic("of-the-guest", 1);
    await using reader = await guest.read("of-the-guest");
    await guest.produce("of-the-guest", [{ value: "1" }]);
    expect(await reader.readToEnd(signal)).toHaveLength(1);
    // What others wrote before it came is not the guest's.
    const topics = (await guest.produceRequests()).flatMap((request) => request.topics);
    expect(topics).not.toContain("records");
  }
  const admin = connectKafka("localhost", kafka.publishedPort, "test").admin();
  await eventually(
    "the guest's topic is gone",
    async () => {
      const topics = await admin.listTopics();
      return {
        done: !topics.includes("of-the-guest") && topics.includes("of-another"),
        seen: topics.join(", "),
      };
    },
    { withinMs: 10_000 },
  );
  await admin.disconnect();
  expect(await leftAfter30s(engine, [guestId])).toEqual([]);
  expect(await kafka.diagnose()).toBeUndefined();
});

test("a broker that is restarted is back with what it had", async () => {
  await kafka.createTopic("kept", 1);
  await kafka.produce("kept", [{ value: "before" }]);
  await kafka.restart();
  await kafka.produce("kept", [{ value: "after" }]);
  await using reader = await kafka.read("kept");
  const records = await reader.readToEnd(signal);
  expect(records.map(({ value }) => value?.toString())).toEqual(["before", "after"]);
  expect(await kafka.diagnose()).toBeUndefined();
});

test("a broker that does not answer is a fault of ours, with the service named", async () => {
  const held = await kafka.pause();
  const fault = await kafka.diagnose();
  await held[Symbol.asyncDispose]();
  expect(fault).toMatchObject({ code: "SERVICE_DIED" });
  expect(fault?.message).toMatch(/^The Kafka broker does not answer: /);
  expect(await kafka.diagnose()).toBeUndefined();
});
