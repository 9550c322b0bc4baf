import { fail } from "@onramp/grading/check-failure";
import type { Pod } from "../kubernetes/pod-state.ts";

/**
 * Demands that none of the pods from before a change is among those after it.
 * @param what as it begins the message: "The rollout of trip-api 1.5.0"
 */
export function demandNewPods(
  before: readonly Pod[],
  after: readonly Pod[],
  { what, expected }: { readonly what: string; readonly expected: string },
): void {
  const old = new Set(before.map(({ metadata }) => metadata?.uid));
  const left = after.filter(({ metadata }) => old.has(metadata?.uid));
  if (left.length === 0) return;
  const names = left.map(({ metadata }) => metadata?.name).join(" and ");
  fail(`${what} has started no new pods.`, { expected, actual: `${names} were there before` });
}
