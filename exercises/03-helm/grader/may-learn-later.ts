import type { Pod } from "@onramp/testbed/kubernetes/pod-state";

/**
 * Whether a pod that goes on might still take another setting: by files that change under it, or by a program of the
 * chart's own in it. trip-api alone reads its variables once, and no pod of a team's may speak with the API server for
 * more.
 */
export function mayLearnLater({ spec }: Pod): boolean {
  const containers = spec?.containers ?? [];
  const besides = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy);
  const files = (spec?.volumes ?? []).filter(({ emptyDir }) => emptyDir === undefined);
  const programs = containers.filter(
    ({ command, args, livenessProbe, readinessProbe, lifecycle }) =>
      command ?? args ?? livenessProbe?.exec ?? readinessProbe?.exec ?? lifecycle?.postStart,
  );
  return containers.length + besides.length > 1 || files.length > 0 || programs.length > 0;
}
