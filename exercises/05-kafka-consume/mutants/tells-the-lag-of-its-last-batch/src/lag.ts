/** How far each partition was behind after its last batch. */
export class Lag {
  #assigned: number[] = [];
  readonly #lags = new Map<number, bigint>();

  /** These partitions are this member's now. */
  assign(partitions: number[]): void {
    this.#assigned = partitions;
  }

  set(partition: number, lag: bigint): void {
    this.#lags.set(partition, lag);
  }

  current(): [partition: number, lag: bigint][] {
    return this.#assigned.map((partition) => [partition, this.#lags.get(partition) ?? 0n]);
  }
}
