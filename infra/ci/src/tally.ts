/** How many passed, and a line for each that did not. */
export interface Tally {
  readonly passed: number;
  readonly failures: string[];
}

/** All of them together. */
export function tallyOf(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
  };
}
