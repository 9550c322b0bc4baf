import type { Readable } from "node:stream";
import { deadLetter } from "./dead-letter.ts";
import { Delivery } from "./delivery.ts";
import { judgeLine } from "./event.ts";
import { linesOf } from "./lines.ts";
import { Outbox } from "./outbox.ts";
import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Settings } from "./settings.ts";
import type { Summary } from "./summary.ts";
import { tripRecord } from "./trip-record.ts";

export interface Run {
  readonly settings: Settings;
  readonly input: Readable;
  readonly delivery: Delivery;
  readonly summary: Summary;
  readonly stop: AbortSignal;
}

const laneCount = 3;

/** A queue and a producer of its own. What waits in one lane does not hold up another. */
interface Lane {
  readonly outbox: Outbox;
  readonly delivery: Delivery;
}

/** Delivers in lanes side by side. A vehicle keeps to its lane, and a lane keeps its order. */
export async function deliverLines(run: Run): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const lanes: Lane[] = [{ outbox: new Outbox(), delivery: run.delivery }];
  while (lanes.length < laneCount) {
    lanes.push({
      outbox: new Outbox(),
      delivery: resources.use(await Delivery.open(run.settings)),
    });
  }
  await Promise.all([readInto(lanes, run), ...lanes.map((lane) => sendFrom(lane, run.summary))]);
}

async function readInto(
  lanes: readonly Lane[],
  { settings, input, summary, stop }: Run,
): Promise<void> {
  for await (const line of linesOf(input, stop)) {
    const lineNumber = summary.countLine();
    const verdict = judgeLine(line);
    if ("trip" in verdict) {
      const record = tripRecord(settings.tripsTopic, verdict.trip, line);
      await put(lanes, laneOf(verdict.trip.vehicleId), record);
    } else {
      await put(lanes, 0, deadLetter(settings.deadLetterTopic, line, lineNumber, verdict.reason));
    }
  }
  for (const { outbox } of lanes) outbox.close();
}

async function put(lanes: readonly Lane[], lane: number, record: OutgoingRecord): Promise<void> {
  await lanes[lane]?.outbox.put(record);
}

/** The sum of its characters: any number will do that is always the same for a vehicle. */
function laneOf(vehicleId: string): number {
  let sum = 0;
  for (const character of vehicleId) sum += character.codePointAt(0) ?? 0;
  return sum % laneCount;
}

async function sendFrom({ outbox, delivery }: Lane, summary: Summary): Promise<void> {
  for await (const batch of outbox.batches()) {
    await delivery.send(batch);
    summary.countAcknowledged(batch);
  }
}
