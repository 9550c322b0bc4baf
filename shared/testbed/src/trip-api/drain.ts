// What a drain does to the pods of trip-api.
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { Namespace } from "../kubernetes/namespace.ts";
import type { Pod } from "../kubernetes/pod-state.ts";

/** How long a drain may be held up by one pod, in milliseconds: the briefs' 20 s. */
const evictionMs = 20_000;

/** Asks to evict a pod, as `kubectl drain` does: "evicted", or why not. */
async function evict(namespace: Namespace, pod: Pod | undefined): Promise<string> {
  const { status, answer } = await namespace.evict(pod?.metadata?.name ?? "");
  return status === 201 ? "evicted" : `status ${status}, ${answer}`;
}

/**
 * Waits until an eviction is granted.
 * @param what as it stands in the failure: "A drain can evict a pod"
 */
export async function untilEvicted(
  namespace: Namespace,
  pod: Pod | undefined,
  what: string,
  { signal }: Pick<CheckContext, "signal">,
): Promise<void> {
  await eventually(
    what,
    async () => {
      const answer = await evict(namespace, pod);
      return { done: answer === "evicted", seen: answer };
    },
    { withinMs: evictionMs, everyMs: 500, signal },
  );
}

/**
 * Demands that none of these pods can be evicted right after another one was: they may go when a new pod has taken its
 * place. They have to have been there before it, because a pod that is not ready may go at any time.
 * @param message what has happened where one can be
 */
export async function demandNoOtherEviction(
  namespace: Namespace,
  { gone, others }: { readonly gone: Pod | undefined; readonly others: readonly Pod[] },
  message: string,
): Promise<void> {
  for (const pod of others) {
    if ((await evict(namespace, pod)) !== "evicted") continue;
    fail(message, {
      expected: "one pod at a time: the disruption budget refuses the second",
      actual: `${pod.metadata?.name} was evicted right after ${gone?.metadata?.name}`,
    });
  }
}
