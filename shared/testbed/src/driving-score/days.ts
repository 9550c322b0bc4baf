import type { Seed } from "@onramp/grading/seed";

const dayMs = 86_400_000;

/** The start date of the tickets. */
export const startDate = "2026-01-01";

/**
 * Gives each purpose of a grader days of its own.
 * @param spacing how far the days of two purposes are apart, in days
 */
export function daysFor<Purpose extends string>(
  purposes: readonly Purpose[],
  spacing: number,
): (seed: Seed, purpose: Purpose) => string {
  return (seed, purpose) =>
    shifted(
      startDate,
      purposes.indexOf(purpose) * spacing + seed.integer(`day of ${purpose}`, 1, 4),
    );
}

/** The day (`2026-01-05`) so many days later, or earlier. */
export function shifted(day: string, days: number): string {
  return textOf(Date.parse(`${day}T00:00:00Z`) + days * dayMs);
}

/** The last whole day in UTC. */
export function yesterday(): string {
  return textOf(Date.now() - dayMs);
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
