import { connect } from "node:net";
import { Kafka, logLevel } from "kafkajs";

/**
 * A client of the grader's own to a broker whose port is published on this machine. Whatever address the broker gives
 * itself, this port is where it is: there is one broker, and a submission's way to it is another one.
 */
export function connectKafka(host: string, port: number, clientId: string): Kafka {
  return new Kafka({
    clientId,
    brokers: [`${host}:${port}`],
    logLevel: logLevel.NOTHING,
    socketFactory: ({ onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      socket.setKeepAlive(true, 30_000);
      return socket;
    },
    // A broker that a check restarts is away for seconds.
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 30 },
  });
}
