import { daysFor } from "@onramp/testbed/driving-score/days";

/** In the order of the checks: what comes into the topic later has later timestamps. */
const purposes = [
  "nothing",
  "scoring",
  "streaming",
  "side by side",
  "death",
  "giving up",
  "no room",
] as const;

/** Every check has days of its own: none needs more than three in a row, and a few between. */
export const dayOf = daysFor(purposes, 8);
