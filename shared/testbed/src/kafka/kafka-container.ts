import { Wait } from "testcontainers";
import { gradingLabel } from "../docker/labels.ts";
import { LoopbackContainer } from "../docker/loopback-container.ts";
import { brokerSettings } from "./broker-settings.ts";

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

interface KafkaContainerOptions {
  /** The name that the broker gives itself at the doors: clients come back by it. */
  readonly name: string;
  readonly network: string;
  /** Writes every request into the broker's log, as JSON. */
  readonly logsRequests: boolean;
}

/** Apache Kafka in KRaft mode, one node that is broker and controller. */
class KafkaContainer extends LoopbackContainer {
  constructor({ name, network, logsRequests }: KafkaContainerOptions) {
    super(kafkaImage);
    const doors = doorPorts.map((port) => ({
      name: `DOOR${port}`,
      port,
      advertised: `${name}:${port}`,
    }));
    const settings = brokerSettings([
      { name: "PUBLISHED", port: publishedPort, advertised: `localhost:${publishedPort}` },
      ...doors,
    ]);
    this.withEnvironment({
      ...settings,
      ...(logsRequests ? { KAFKA_LOG4J_LOGGERS: "kafka.request.logger=DEBUG" } : {}),
    })
      .withEntrypoint(["sh", "-c", supervisor])
      .withNetworkMode(network)
      .withExposedPorts(publishedPort)
      .withResourcesQuota({ memory: 1 })
      .withWaitStrategy(Wait.forLogMessage("Kafka Server started"));
  }
}

/** Starts a broker for a grading, and gives its container's id. */
export async function startBroker(
  gradingId: string,
  options: KafkaContainerOptions,
): Promise<string> {
  const container = await new KafkaContainer(options)
    .withLabels({ [gradingLabel]: gradingId })
    .start();
  return container.getId();
}
