import { setImmediate } from "node:timers/promises";
import type { OutgoingRecord } from "./outgoing-record.ts";

/**
 * Where records wait while the batch before them is on its way. A batch is what has come in the meantime: one record
 * when they trickle, hundreds when they pour, and no timer that would hold a lonely record back.
 */
export class Outbox {
  #records: OutgoingRecord[] = [];
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  /** Takes a record, and resolves when there is room for the next one: whoever waits for it reads no further. */
  async put(record: OutgoingRecord): Promise<void> {
    this.#records.push(record);
    this.#tell();
  }

  /** No record comes any more; {@link batches} ends after those that wait. */
  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  /** What waits, again and again, each time all of it and in the order in which it came. */
  async *batches(): AsyncGenerator<readonly OutgoingRecord[]> {
    for (;;) {
      while (this.#records.length === 0) {
        if (this.#isClosed) return;
        await this.#changed.promise;
      }
      // Lines that came in one chunk are put in one go: with the first of them at hand, the others are a moment away.
      await setImmediate();
      const batch = this.#records.splice(0, 60);
      this.#tell();
      yield batch;
    }
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
