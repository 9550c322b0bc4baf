import { closest as nearest, distance } from "fastest-levenshtein";

/** The candidate that a mistyped word most likely meant, if one is near enough to be worth offering. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = nearest(word, [...candidates]);
  const isNear = distance(word, found) <= Math.max(2, Math.floor(found.length / 3));
  return isNear || found.includes(word)
    ? found
    : candidates.find((candidate) => candidate.includes(word));
}
