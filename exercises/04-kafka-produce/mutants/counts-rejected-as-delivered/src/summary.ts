import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Settings } from "./settings.ts";

/** What has become of the lines. A line counts as delivered or rejected once the broker has its record, not before. */
export class Summary {
  readonly #deadLetterTopic: string;
  #read = 0;
  #delivered = 0;
  #rejected = 0;

  constructor({ deadLetterTopic }: Settings) {
    this.#deadLetterTopic = deadLetterTopic;
  }

  /** Counts a line that was read, and tells its number, from 1. */
  countLine(): number {
    this.#read += 1;
    return this.#read;
  }

  countAcknowledged(records: readonly OutgoingRecord[]): void {
    for (const { topic } of records) {
      if (topic === this.#deadLetterTopic) this.#rejected += 1;
      this.#delivered += 1;
    }
  }

  toJSON(): { read: number; delivered: number; rejected: number } {
    return { read: this.#read, delivered: this.#delivered, rejected: this.#rejected };
  }
}
