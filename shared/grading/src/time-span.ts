/** From one moment to another, in milliseconds of one clock. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** How much time the spans cover together, in milliseconds; what lies in several counts once. */
export function coveredMs(spans: readonly TimeSpan[]): number {
  let covered = 0;
  let reached = -Infinity;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
}
