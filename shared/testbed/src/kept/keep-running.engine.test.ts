import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { ensureImages } from "@onramp/images/ensure-images";
import type Dockerode from "dockerode";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endServices, keepRunning } from "./keep-running.ts";
import { findContainer } from "./kept-container.ts";
import { keptKafka } from "./kept-kafka.ts";
import { keptPostgres } from "./kept-postgres.ts";
import type { KeptService } from "./kept-service.ts";

// Under names of the test's own: the services that somebody keeps running here are theirs.
const kafka = { ...keptKafka, container: `onramp-kafka-test-${process.pid}` };
const postgres = { ...keptPostgres, container: `onramp-postgres-test-${process.pid}` };
const services = [kafka, postgres];
const schema = "CREATE TABLE IF NOT EXISTS trips (trip_id text PRIMARY KEY)";
const progress: string[] = [];
let engine: Engine;
let dockerode: Dockerode;

const contentsWith = (...schemas: string[]) => ({
  schemas,
  directory: "",
  tripApiStage: "",
  project: undefined,
});

const keep = (kept: readonly KeptService[], signal?: AbortSignal) =>
  keepRunning(kept, {
    dockerode,
    engine,
    contents: contentsWith(schema),
    onProgress: (line) => void progress.push(line),
    signal,
  });
const found = () => Promise.all(services.map(async (service) => findContainer(dockerode, service)));

beforeAll(async () => {
  const options = { onProgress: () => {}, isInteractive: false };
  engine = await ensureEngine(options);
  await ensureImages(["kafka", "postgres"], { engine, ...options });
  dockerode = await connectDockerode(engine);
});

afterAll(async () => endServices(dockerode, services));

test("keeps Kafka and PostgreSQL running until they are ended", async () => {
  const neighbour = createServer().listen(0, "127.0.0.1");
  await once(neighbour, "listening");
  const { port: taken } = neighbour.address() as AddressInfo;

  const first = await keep([{ ...kafka, preferredPort: taken }, postgres]);
  neighbour.close();
  expect(first.map(({ isNew }) => isNew)).toEqual([true, true]);
  expect(first[0]?.port).not.toBe(taken);

  const [brokers, database] = first.map(({ variables }) => variables);
  await roundTrip(brokers?.["KAFKA_BROKERS"] ?? "");
  const client = new Client({ connectionString: database?.["DATABASE_URL"] });
  await client.connect();
  await client.query("INSERT INTO trips VALUES ('a')");

  // The second time nothing is started, and what is there stays.
  const containers = await found();
  const second = await keep(services);
  expect(second.map(({ isNew }) => isNew)).toEqual([false, false]);
  expect(second.map(({ port }) => port)).toEqual(first.map(({ port }) => port));
  expect((await found()).map((container) => container?.id)).toEqual(
    containers.map((container) => container?.id),
  );
  expect((await client.query("SELECT trip_id FROM trips")).rows).toEqual([{ trip_id: "a" }]);
  await client.end();

  // In the container the tools find the broker at its usual port, whatever the outer one is.
  const exec = await dockerode.getContainer(kafka.container).exec({
    Cmd: [
      "/opt/kafka/bin/kafka-topics.sh",
      "--bootstrap-server",
      "localhost:9092",
      "--describe",
      "--topic",
      "trips.v1",
    ],
    AttachStdout: true,
    Tty: true,
  });
  const output = await exec.start({ Tty: true });
  expect(Buffer.concat(await output.toArray()).toString()).toMatch(
    /PartitionCount: 3.*retention\.ms=-1/,
  );

  const published = await Promise.all(
    services.map(async ({ container }) => dockerode.getContainer(container).inspect()),
  );
  for (const { NetworkSettings, HostConfig } of published) {
    const bindings = Object.values(NetworkSettings.Ports).flatMap((binding) => binding ?? []);
    expect(bindings.map(({ HostIp }) => HostIp)).toEqual(["127.0.0.1"]);
    expect(HostConfig.Memory).toBe(2 ** 30);
  }

  const volumes = published.flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name ?? ""));
  expect(await endServices(dockerode, services)).toEqual(services);
  expect(await found()).toEqual([undefined, undefined]);
  const { Volumes } = await dockerode.listVolumes();
  const left = (Volumes ?? []).map(({ Name }) => Name).filter((name) => volumes.includes(name));
  expect(left).toEqual([]);
  expect(await endServices(dockerode, services)).toEqual([]);
});

test("starts one that has stopped anew, and says so", async () => {
  await keep([postgres]);
  await dockerode.getContainer(postgres.container).kill();
  progress.length = 0;
  const [again] = await keep([postgres]);
  expect(again?.isNew).toBe(true);
  expect(progress).toEqual([
    "PostgreSQL  did not run any more (exited, code 137): started anew, and empty",
    "PostgreSQL  starting",
  ]);
});

test("lets one go on that was paused, with what it holds", async () => {
  const [before] = await keep([postgres]);
  const container = dockerode.getContainer(postgres.container);
  const { Id } = await container.inspect();
  await container.pause();
  progress.length = 0;
  expect(await keep([postgres])).toEqual([{ ...before, isNew: false }]);
  expect((await container.inspect()).Id).toBe(Id);
  expect(progress).toEqual(["PostgreSQL  was paused: goes on"]);
});

test("starts nothing twice when two ask at the same time", async () => {
  await endServices(dockerode, services);
  const [[one], [other]] = await Promise.all([keep([postgres]), keep([postgres])]);
  expect(one?.isNew).not.toBe(other?.isNew);
  expect(one?.port).toBe(other?.port);
});

test("takes away what it has begun when it is interrupted", async () => {
  await endServices(dockerode, services);
  const controller = new AbortController();
  const starting = keepRunning([postgres], {
    dockerode,
    engine,
    contents: contentsWith(),
    signal: controller.signal,
    onProgress: () => setTimeout(() => controller.abort(), 300),
  });
  await expect(starting).rejects.toThrow("aborted");
  expect(await findContainer(dockerode, postgres)).toBeUndefined();
});

test("says why a service does not start, with its last lines, and leaves nothing", async () => {
  const broken = { ...postgres, environment: () => ({}) };
  await expect(keep([broken])).rejects.toThrow(
    /^PostgreSQL does not run: its container has ended \(exited, code 1\)\. Its last lines:\n.*POSTGRES_PASSWORD/s,
  );
  expect(await findContainer(dockerode, postgres)).toBeUndefined();
});

test("does not wait for a schema that the server will never take", async () => {
  await endServices(dockerode, services);
  const starting = keepRunning([postgres], {
    dockerode,
    engine,
    contents: contentsWith("CREATE TABEL trips ()"),
    onProgress: () => {},
  });
  await expect(starting).rejects.toThrow(
    'PostgreSQL does not take a `schema.sql` of the exercises: syntax error at or near "TABEL".',
  );
  expect(await findContainer(dockerode, postgres)).toBeUndefined();
});

test("leaves alone a container of that name that somebody else made", async () => {
  await dockerode.createContainer({ name: kafka.container, Image: "postgres:15-bookworm" });
  await expect(keep([kafka])).rejects.toThrow(
    `There is a container ${kafka.container} (created) that \`onramp up\` did not start.`,
  );
  expect(await endServices(dockerode, services)).toEqual([]);
  await dockerode.getContainer(kafka.container).remove({ force: true, v: true });
});

/** Writes a record dated in the past and reads it, as a program does that knows the address alone. */
async function roundTrip(address: string): Promise<void> {
  const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const producer = client.producer();
  await producer.connect();
  const messages = [{ key: "car", value: "trip", timestamp: "1500000000000" }];
  await producer.send({ topic: "trips.v1", messages });
  await producer.disconnect();
  const consumer = client.consumer({ groupId: "test" });
  await consumer.connect();
  await consumer.subscribe({ topic: "trips.v1", fromBeginning: true });
  const value = await new Promise<string | undefined>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => resolve(message.value?.toString()),
    });
  });
  await consumer.disconnect();
  expect(value).toBe("trip");
}
