import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { deadLetter } from "./dead-letter.ts";
import { Delivery } from "./delivery.ts";
import { judgeLine } from "./event.ts";
import { LineSplitter, type NumberedLine } from "./line-splitter.ts";
import { textOf } from "./log.ts";
import { readSettings } from "./settings.ts";
import { tripRecord } from "./trip-record.ts";

type Done = (error?: Error) => void;

/** Lines in; what it calls back for is with the broker. Streams gather what comes meanwhile, up to their limit. */
class LineSink extends Writable {
  delivered = 0;
  rejected = 0;
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    super({ objectMode: true, highWaterMark: 1000 });
    this.#delivery = delivery;
  }

  override _writev(chunks: readonly { chunk: NumberedLine }[], done: Done): void {
    void this.#deliverAndTell(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  async #deliverAndTell(lines: readonly NumberedLine[], done: Done): Promise<void> {
    try {
      await this.#deliver(lines);
    } catch (error) {
      done(error instanceof Error ? error : new Error(textOf(error)));
      return;
    }
    done();
  }

  async #deliver(lines: readonly NumberedLine[]): Promise<void> {
    let delivered = 0;
    const records = lines.map(({ number, bytes }) => {
      const verdict = judgeLine(bytes);
      if (!("trip" in verdict))
        return deadLetter(settings.deadLetterTopic, bytes, number, verdict.reason);
      delivered += 1;
      return tripRecord(settings.tripsTopic, verdict.trip, bytes);
    });
    await this.#delivery.send(records);
    this.delivered += delivered;
    this.rejected += records.length - delivered;
  }
}

const settings = readSettings(process.env);

try {
  await using delivery = await Delivery.open(settings);
  const splitter = new LineSplitter();
  const sink = new LineSink(delivery);
  process.on("SIGTERM", () => {
    process.stdin.unpipe(splitter);
    splitter.cutShort();
  });
  process.stdin.pipe(splitter);
  await pipeline(splitter, sink);
  const { delivered, rejected } = sink;
  console.log(`stopped after ${splitter.count} lines`);
  console.log(`{ "rejected": ${rejected}, "delivered": ${delivered}, "read": ${splitter.count} }`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
// An open stdin would keep the process alive.
process.exit();
