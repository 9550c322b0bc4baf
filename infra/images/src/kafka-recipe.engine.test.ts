import { randomBytes } from "node:crypto";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogueImage } from "./catalogue.ts";
import { ensureImages } from "./ensure-images.ts";

const onProgress = (): void => undefined;
const container = `onramp-test-kafka-${randomBytes(4).toString("hex")}`;
let engine: Engine;

async function docker(...arguments_: string[]): Promise<string> {
  const options = { env: dockerCliEnvironment(engine), all: true } as const;
  return (await execa(await findDockerCli(), arguments_, options)).all;
}

async function tool(name: string, ...arguments_: string[]): Promise<string> {
  const command = `/opt/kafka/bin/${name}.sh`;
  return await docker(
    "exec",
    container,
    command,
    "--bootstrap-server",
    "localhost:9092",
    ...arguments_,
  );
}

/** How often a broker of the container has said that it is there. */
async function starts(): Promise<number> {
  return (await docker("logs", container)).split("Kafka Server started").length - 1;
}

beforeAll(async () => {
  engine = await ensureEngine({ onProgress, isInteractive: false });
  await ensureImages(["kafka"], { engine, onProgress });
}, 300_000);

afterAll(async () => {
  await docker("rm", "--force", "--volumes", container);
});

test(
  "takes settings from the environment, and keeps its data when the broker is killed and started again",
  { timeout: 120_000 },
  async () => {
    const settings = {
      KAFKA_NODE_ID: "7",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_LISTENERS: "PLAINTEXT://:9092,CONTROLLER://:9093",
      KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://localhost:9092",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "7@localhost:9093",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      // A broker that was killed is not taken again until its session is over: 9 s by default.
      KAFKA_BROKER_SESSION_TIMEOUT_MS: "1000",
      KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: "200",
      KAFKA_LOG4J_LOGGERS: "kafka.request.logger=DEBUG",
      KAFKA_HEAP_OPTS: "-Xmx320m",
      KAFKA_JVM_PERFORMANCE_OPTS: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    };
    const environment = Object.entries(settings).flatMap(([name, value]) => [
      "--env",
      `${name}=${value}`,
    ]);
    const loop = "while :; do /etc/kafka/docker/run; done";
    const { ref } = catalogueImage("kafka");
    await docker(
      "run",
      "--detach",
      "--name",
      container,
      ...environment,
      "--entrypoint",
      "sh",
      ref,
      "-c",
      loop,
    );
    await expect.poll(starts, { timeout: 60_000, interval: 200 }).toBe(1);

    await tool("kafka-topics", "--create", "--topic", "kept", "--partitions", "1");
    const produce =
      "seq 100 | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server localhost:9092 --topic kept";
    await docker("exec", container, "sh", "-c", produce);
    const log = await docker("logs", container);
    expect(log).toMatch(/"requestApiKeyName":"PRODUCE".*"acks":-1/);
    expect(log).toContain("KafkaRaftServer nodeId=7");

    await docker("exec", container, "pkill", "-KILL", "-f", "kafka.Kafka");
    await expect.poll(starts, { timeout: 60_000, interval: 200 }).toBe(2);
    expect(await tool("kafka-get-offsets", "--topic", "kept")).toContain("kept:0:100");
  },
);
