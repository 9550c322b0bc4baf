import { daysFor } from "@onramp/testbed/driving-score/days";

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

/** Every check has days of its own: none needs more than seven in a row, and a few between. */
export const dayOf = daysFor(purposes, 12);
