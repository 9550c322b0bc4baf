import type { Pod } from "@onramp/testbed/kubernetes/pod-state";

/**
 * Why nobody can end a container that hangs within so many milliseconds, where that is certain beforehand; undefined
 * where it might be ended. A command of the submission's own, or a companion in the pod, may watch over trip-api in its
 * own way; and no pod of a team's may delete another.
 */
export function whyNobodyEndsIt({ spec }: Pod, withinMs: number): string | undefined {
  const besides = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy);
  const [container, ...others] = spec?.containers ?? [];
  if (container === undefined || besides.length + others.length > 0) return undefined;
  const { name, command, args, lifecycle, livenessProbe } = container;
  if (command ?? args ?? lifecycle?.postStart) return undefined;
  if (livenessProbe === undefined)
    return `the container ${name} has no liveness probe, and nothing else in its pod could notice`;
  // As the server has them, with Kubernetes' own defaults. The first failure may come at once.
  const { failureThreshold = 3, periodSeconds = 10 } = livenessProbe;
  const earliestS = (failureThreshold - 1) * periodSeconds;
  if (earliestS * 1000 <= withinMs) return undefined;
  return `the liveness probe of the container ${name} has to fail ${failureThreshold} times, ${periodSeconds} s apart, which takes ${earliestS} s at least`;
}
