import { brokerSettings } from "../kafka/broker-settings.ts";
import { connectKafka } from "../kafka/kafka-client.ts";
import type { KeptService } from "./kept-service.ts";
import { withoutTimerWarnings } from "./without-timer-warnings.ts";

export const tripsTopic = "trips.v1";
const deadLetterTopic = "trips.v1.dlq";
const outerPort = 9093;
/** By which pods of the kept cluster find it: see kept-cluster-ways.ts. */
export const brokerForPods = { name: "kafka", port: 9095 };

/** Kafka for a hire's own tries: from this machine by the published port, in the container by `localhost:9092`. */
export const keptKafka: KeptService = {
  name: "kafka",
  images: ["kafka"],
  title: "Kafka",
  container: "onramp-kafka",
  preferredPort: 9092,
  innerPort: outerPort,
  holds: "topics and records",
  look: `docker exec onramp-kafka /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic ${tripsTopic} --from-beginning --timeout-ms 5000`,
  environment: (port) =>
    brokerSettings([
      { name: "INSIDE", port: 9092, advertised: "localhost:9092" },
      { name: "OUTSIDE", port: outerPort, advertised: `127.0.0.1:${port}` },
      {
        name: "CLUSTER",
        port: brokerForPods.port,
        advertised: `${brokerForPods.name}:${brokerForPods.port}`,
      },
    ]),
  variables: (port) => ({
    KAFKA_BROKERS: `127.0.0.1:${port}`,
    TRIPS_TOPIC: tripsTopic,
    DEAD_LETTER_TOPIC: deadLetterTopic,
  }),
  fill: async (port) => withoutTimerWarnings(async () => makeTopics(port)),
};

async function makeTopics(port: number): Promise<void> {
  const admin = connectKafka("127.0.0.1", port, "onramp-up", {
    requestTimeout: 5000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const topics = [
      { topic: tripsTopic, numPartitions: 3 },
      { topic: deadLetterTopic, numPartitions: 1 },
    ];
    await admin.createTopics({ topics, waitForLeaders: false });
    // The controller makes them; until the broker has heard of it, this throws.
    await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
  } finally {
    await admin.disconnect();
  }
}
