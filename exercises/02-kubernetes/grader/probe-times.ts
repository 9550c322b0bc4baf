// What the numbers of a probe mean for a container, where that is certain without a look at it.
import type { Pod } from "@onramp/testbed/kubernetes/pod-state";

type Container = NonNullable<Pod["spec"]>["containers"][number];
type Probe = NonNullable<Container["livenessProbe"]>;

/**
 * Why nobody can end a container that hangs within so many milliseconds, where that is certain beforehand; undefined
 * where it might be ended.
 */
export function whyNobodyEndsIt(pod: Pod, withinMs: number): string | undefined {
  const container = onlyContainerOf(pod);
  if (container === undefined || container.lifecycle?.postStart) return undefined;
  const { name, livenessProbe } = container;
  if (livenessProbe === undefined)
    return `the container ${name} has no liveness probe, and nothing else in its pod could notice`;
  const { failures, earliestS } = timesOf(livenessProbe);
  if (earliestS * 1000 <= withinMs) return undefined;
  return `the liveness probe of the container ${name} has to fail ${failures}, which takes ${earliestS} s at least`;
}

/**
 * Why a container that needs so many milliseconds to start may be ended before, whether it was or not; undefined where
 * that is not certain. When the first of the kubelet's probes comes is its own matter: at once, or a period later.
 */
export function whyItMayBeEnded(pod: Pod, startMs: number): string | undefined {
  const container = onlyContainerOf(pod);
  const which = container?.startupProbe === undefined ? "liveness" : "startup";
  const probe = container?.[`${which}Probe`];
  if (container === undefined || probe === undefined) return undefined;
  const { failures, earliestS } = timesOf(probe);
  const endS = (probe.initialDelaySeconds ?? 0) + earliestS;
  if (endS * 1000 > startMs) return undefined;
  return `the ${which} probe of the container ${container.name} may end it after ${endS} s: it has to fail ${failures}`;
}

/**
 * The container that is alone in its pod. A command of the submission's own, or a companion, may watch over trip-api in
 * its own way; and no pod of a team's may delete another.
 */
function onlyContainerOf({ spec }: Pod): Container | undefined {
  const besides = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy);
  const [container, ...others] = spec?.containers ?? [];
  const isAlone = besides.length + others.length === 0;
  return isAlone && !(container?.command ?? container?.args) ? container : undefined;
}

/** As the server has them, with Kubernetes' own defaults. The first failure may come at once. */
function timesOf({ failureThreshold = 3, periodSeconds = 10 }: Probe): {
  readonly failures: string;
  readonly earliestS: number;
} {
  return {
    failures: `${failureThreshold} times, ${periodSeconds} s apart`,
    earliestS: (failureThreshold - 1) * periodSeconds,
  };
}
