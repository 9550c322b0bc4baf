import { connect } from "node:net";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import kafkajs, { CompressionTypes, Kafka, type KafkaConfig, logLevel } from "kafkajs";

// kafkajs knows gzip alone, and programs may choose what their client and Node have.
// Node finds no such name among the exports of this CommonJS module.
kafkajs.CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer: Buffer) => promisify(zstdDecompress)(buffer),
});

/** A broker that a check restarts is away for seconds. */
const patient = { retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 30 } };

/**
 * A client of the grader's own to a broker whose port is published on this machine. Whatever address the broker gives
 * itself, this port is where it is: there is one broker, and a submission's way to it is another one.
 */
export function connectKafka(
  host: string,
  port: number,
  clientId: string,
  settings: Pick<KafkaConfig, "retry" | "requestTimeout"> = patient,
): Kafka {
  return new Kafka({
    ...settings,
    clientId,
    brokers: [`${host}:${port}`],
    logLevel: logLevel.NOTHING,
    socketFactory: ({ onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      socket.setKeepAlive(true, 30_000);
      return socket;
    },
  });
}
