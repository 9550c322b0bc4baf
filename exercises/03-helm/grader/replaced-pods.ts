import type { Pod } from "@onramp/testbed/kubernetes/pod-state";

/**
 * What an upgrade did to the pods that were to go on, in a phrase; undefined when they are the same. A workload that was
 * deleted and made anew has the generation of the one before.
 */
export function replacedPods(before: readonly Pod[], after: readonly Pod[]): string | undefined {
  const old = new Set(before.map(({ metadata }) => metadata?.uid));
  const fresh = after.filter(({ metadata }) => !old.has(metadata?.uid));
  if (fresh.length === 0 && after.length === before.length) return undefined;
  return `${before.length} pods before it, and after it ${after.length}, ${fresh.length} of them new`;
}
