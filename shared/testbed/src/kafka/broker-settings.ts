/** A port of a broker, and the address that it gives to clients that come by it. */
export interface Listener {
  readonly name: string;
  /** In the container. */
  readonly port: number;
  /** Where clients come back to: `localhost:9092`. */
  readonly advertised: string;
}

/**
 * The environment of `apache/kafka` for one node that is broker and controller, in KRaft mode.
 * @param listeners the first is also the broker's own
 */
export function brokerSettings(
  listeners: readonly [Listener, ...Listener[]],
): Record<string, string> {
  return {
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9094",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: listeners[0].name,
    KAFKA_LISTENERS: [
      ...listeners.map(({ name, port }) => `${name}://:${port}`),
      "CONTROLLER://localhost:9094",
    ].join(","),
    KAFKA_ADVERTISED_LISTENERS: listeners
      .map(({ name, advertised }) => `${name}://${advertised}`)
      .join(","),
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: [
      ...listeners.map(({ name }) => `${name}:PLAINTEXT`),
      "CONTROLLER:PLAINTEXT",
    ].join(","),
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    // One partition each is enough for the groups and transactions of an exercise, and is there sooner than fifty.
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
  };
}
