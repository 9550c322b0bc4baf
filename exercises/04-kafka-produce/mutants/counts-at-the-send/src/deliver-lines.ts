import type { Readable } from "node:stream";
import { deadLetter } from "./dead-letter.ts";
import type { Delivery } from "./delivery.ts";
import { judgeLine } from "./event.ts";
import { linesOf } from "./lines.ts";
import { Outbox } from "./outbox.ts";
import type { Settings } from "./settings.ts";
import type { Summary } from "./summary.ts";
import { tripRecord } from "./trip-record.ts";

export interface Run {
  readonly settings: Settings;
  readonly input: Readable;
  readonly delivery: Delivery;
  readonly summary: Summary;
  /** Once it is aborted no further line is read; those that were read are delivered. */
  readonly stop: AbortSignal;
}

/** Delivers every line of the input, to the end of it or until it is told to stop. Reading goes on while a batch is under way. */
export async function deliverLines(run: Run): Promise<void> {
  const outbox = new Outbox();
  await Promise.all([readInto(outbox, run), sendFrom(outbox, run)]);
}

async function readInto(outbox: Outbox, { settings, input, summary, stop }: Run): Promise<void> {
  for await (const line of linesOf(input, stop)) {
    const lineNumber = summary.countLine();
    const verdict = judgeLine(line);
    await outbox.put(
      "trip" in verdict
        ? tripRecord(settings.tripsTopic, verdict.trip, line)
        : deadLetter(settings.deadLetterTopic, line, lineNumber, verdict.reason),
    );
  }
  outbox.close();
}

async function sendFrom(outbox: Outbox, { delivery, summary }: Run): Promise<void> {
  for await (const batch of outbox.batches()) {
    summary.countSent(batch);
    await delivery.send(batch);
  }
}
