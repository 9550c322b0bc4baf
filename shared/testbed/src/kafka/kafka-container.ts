import { Wait } from "testcontainers";
import { LoopbackContainer } from "../docker/loopback-container.ts";

const kafkaImage = "apache/kafka:4.1.1";

/** The port of the listener that is published on loopback. */
export const publishedPort = 9092;
/** The ports of the listeners that submissions are led to, one for each door. */
export const doorPorts = Array.from({ length: 16 }, (_, index) => 9101 + index);

/**
 * Starts the broker again whenever it has ended, with the settings that the first start has written: a container that
 * is started again itself gets another port.
 */
const supervisor = `/etc/kafka/docker/run
while :; do /opt/kafka/bin/kafka-server-start.sh /opt/kafka/config/server.properties; done`;

export interface KafkaContainerOptions {
  /** The name that the broker gives itself at the doors: clients come back by it. */
  readonly name: string;
  /** What clients on this machine are told: `127.0.0.1:9092`. */
  readonly published: string;
  /** Writes every request into the broker's log, as JSON. */
  readonly logsRequests: boolean;
}

/** Apache Kafka in KRaft mode, one node that is broker and controller. */
export class KafkaContainer extends LoopbackContainer {
  constructor({ name, published, logsRequests }: KafkaContainerOptions) {
    super(kafkaImage);
    const doors = doorPorts.map((port) => ({ listener: `DOOR${port}`, port }));
    const listeners = [{ listener: "PUBLISHED", port: publishedPort }, ...doors];
    this.withEnvironment({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9094",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_INTER_BROKER_LISTENER_NAME: "PUBLISHED",
      KAFKA_LISTENERS: [
        ...listeners.map(({ listener, port }) => `${listener}://:${port}`),
        "CONTROLLER://localhost:9094",
      ].join(","),
      KAFKA_ADVERTISED_LISTENERS: [
        `PUBLISHED://${published}`,
        ...doors.map(({ listener, port }) => `${listener}://${name}:${port}`),
      ].join(","),
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: [
        ...listeners.map(({ listener }) => `${listener}:PLAINTEXT`),
        "CONTROLLER:PLAINTEXT",
      ].join(","),
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      // One partition each is enough for the groups and transactions of a grading, and is there sooner than fifty.
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: "1",
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
      // Members of a test come one by one: nobody has to be waited for.
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      // Trips are dated in the past, and the broker would take them for old.
      KAFKA_LOG_RETENTION_MS: "-1",
      KAFKA_NUM_NETWORK_THREADS: "1",
      KAFKA_HEAP_OPTS: "-Xms128m -Xmx384m",
      KAFKA_JVM_PERFORMANCE_OPTS:
        "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=/opt/kafka/kafka.jsa",
      ...(logsRequests ? { KAFKA_LOG4J_LOGGERS: "kafka.request.logger=DEBUG" } : {}),
    })
      .withEntrypoint(["sh", "-c", supervisor])
      .withExposedPorts(publishedPort)
      .withResourcesQuota({ memory: 1 })
      .withWaitStrategy(Wait.forLogMessage("Kafka Server started"));
  }
}
