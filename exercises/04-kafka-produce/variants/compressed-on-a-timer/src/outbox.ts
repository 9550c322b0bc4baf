import { type OutgoingRecord, sizeOf } from "./outgoing-record.ts";

const batchBytes = 256 * 1024;
/** What trickles waits for company, and compresses the better for it. */
const lingerMs = 1000;

/** Where records wait until they fill a batch, or until the first of them has waited for a second. */
export class Outbox {
  #records: OutgoingRecord[] = [];
  #bytes = 0;
  #isDue = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #changed = Promise.withResolvers<void>();

  async put(record: OutgoingRecord): Promise<void> {
    this.#records.push(record);
    this.#bytes += sizeOf(record);
    this.#timer ??= setTimeout(() => {
      this.#isDue = true;
      this.#tell();
    }, lingerMs);
    if (this.#bytes < batchBytes) return;
    this.#tell();
    while (this.#bytes >= batchBytes) await this.#changed.promise;
  }

  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  async *batches(): AsyncGenerator<readonly OutgoingRecord[]> {
    for (;;) {
      while (!this.#isDue && !this.#isClosed && this.#bytes < batchBytes)
        await this.#changed.promise;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#isDue = false;
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
