import { isUtf8 } from "node:buffer";
import { textOf } from "./log.ts";
import { type Trip, tripEvent } from "./trip.ts";

/** What a line holds: an event that keeps the rules, or the reason why it is none. */
export type Verdict = { readonly trip: Trip } | { readonly reason: string };

/** Judges a line. Whatever it holds, this does not throw: one bad line must not stop the lines behind it. */
export function judgeLine(line: Buffer): Verdict {
  // Decoding alone would not do: it puts U+FFFD where the bytes are wrong, and the event would pass with another name.
  if (!isUtf8(line)) return { reason: "The line is not valid UTF-8." };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(line));
  } catch (error) {
    return { reason: `The line is not JSON: ${textOf(error)}` };
  }
  const { success, data, error } = tripEvent.safeParse(value);
  if (success) return { trip: data };
  // All that is wrong, not the first of it: whoever mends the sender wants to do so once.
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  return { reason: problems.join("; ") };
}
