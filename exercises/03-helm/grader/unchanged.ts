/** How long a state has to stand before the grader takes it for the last one, in milliseconds. */
export const settledMs = 5000;

/** Measures how long a state has been the same, by what each look at it says. */
export class Unchanged {
  #state: string | undefined;
  #since = 0;

  /** Takes the state as it is now, and tells whether it has been so for long enough. */
  isSettled(state: string): boolean {
    if (state !== this.#state) this.#since = performance.now();
    this.#state = state;
    return performance.now() - this.#since >= settledMs;
  }
}
