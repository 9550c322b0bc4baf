import { daysFor } from "@onramp/testbed/driving-score/days";

const purposes = [
  "nothing",
  "scoring",
  "streaming",
  "side by side",
  "death",
  "no room",
  "giving up",
] as const;

/** Every check has days of its own: none needs more than three in a row, and a few between. */
export const dayOf = daysFor(purposes, 8);
