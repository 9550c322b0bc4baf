import { setImmediate } from "node:timers/promises";
import { type OutgoingRecord, sizeOf } from "./outgoing-record.ts";

/**
 * Well below what a broker takes in one batch (`max.message.bytes`, 1 MiB by default), also when all records go to one
 * partition; and all of the input that is ever in memory: this much waiting, and as much on its way.
 */
const capacityBytes = 512 * 1024;

/**
 * Where records wait while the batch before them is on its way. A batch is what has come in the meantime: one record
 * when they trickle, hundreds when they pour, and no timer that would hold a lonely record back.
 */
export class Outbox {
  #records: OutgoingRecord[] = [];
  #bytes = 0;
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  /** Takes a record, and resolves when there is room for the next one: whoever waits for it reads no further. */
  async put(record: OutgoingRecord): Promise<void> {
    this.#records.push(record);
    this.#bytes += sizeOf(record);
    this.#tell();
    while (this.#bytes >= capacityBytes) await this.#changed.promise;
  }

  /** No record comes any more; {@link batches} ends after those that wait. */
  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  /** What waits, again and again, each time all of it and in the order in which it came. */
  async *batches(): AsyncGenerator<readonly OutgoingRecord[]> {
    for (;;) {
      while (this.#records.length < 500 && this.#bytes < capacityBytes && !this.#isClosed) {
        await this.#changed.promise;
      }
      // Lines that came in one chunk are put in one go: with the first of them at hand, the others are a moment away.
      await setImmediate();
      const batch = this.#records;
      if (batch.length === 0) return;
      this.#records = [];
      this.#bytes = 0;
      this.#tell();
      yield batch;
    }
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
