import type { Seed } from "@onramp/grading/seed";

const dayMs = 86_400_000;

/** Every check has days of its own, from the ticket's start date on. */
const purposes = [
  "scoring",
  "repeating",
  "healing",
  "backfill",
  "empty",
  "bad lines",
  "too many bad lines",
  "deadline",
  "clear",
  "kill",
  "slots",
  "database",
  "connection",
] as const;

export type DayPurpose = (typeof purposes)[number];

/** The start date of the ticket. */
export const startDate = "2026-01-01";
/** How far the days of two purposes are apart: none needs more than seven in a row. */
const spacing = 12;

/** A day of a purpose, as `2026-01-05`. */
export function dayOf(seed: Seed, purpose: DayPurpose): string {
  const offset = purposes.indexOf(purpose) * spacing + seed.integer(`day of ${purpose}`, 1, 4);
  return shifted(startDate, offset);
}

/** The day so many days later, or earlier. */
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
