import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Settings } from "./settings.ts";

/** What has become of the lines. A line counts once its record is sent. */
export class Summary {
  readonly #deadLetterTopic: string;
  #lines = 0;
  #delivered = 0;
  #rejected = 0;

  constructor({ deadLetterTopic }: Settings) {
    this.#deadLetterTopic = deadLetterTopic;
  }

  /** Counts a line that was read, and tells its number, from 1. */
  countLine(): number {
    this.#lines += 1;
    return this.#lines;
  }

  countSent(records: readonly OutgoingRecord[]): void {
    for (const { topic } of records) {
      if (topic === this.#deadLetterTopic) this.#rejected += 1;
      else this.#delivered += 1;
    }
  }

  toJSON(): { read: number; delivered: number; rejected: number } {
    const read = this.#delivered + this.#rejected;
    return { read, delivered: this.#delivered, rejected: this.#rejected };
  }
}
