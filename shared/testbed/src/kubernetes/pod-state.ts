import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

/** As the API has it. */
export type Pod = V1Pod;

/** A container of a pod, as people speak of it. */
export interface ContainerState {
  readonly name: string;
  readonly restarts: number;
  readonly isReady: boolean;
  /** "running", or why it is not: "waiting, ImagePullBackOff: Back-off pulling image …" */
  readonly state: string;
  /** How the run before this one ended: "OOMKilled, exit code 137". */
  readonly lastEnd: string | undefined;
}

/** The containers of a pod, those that run before the others first. */
export function containersOf({ status }: Pod): ContainerState[] {
  const { initContainerStatuses: first = [], containerStatuses: others = [] } = status ?? {};
  return [...first, ...others].map((container) => ({
    name: container.name,
    restarts: container.restartCount,
    isReady: container.ready,
    state: stateOf(container, first.includes(container)),
    lastEnd: endOf(container.lastState?.terminated),
  }));
}

export function isReady({ metadata, status }: Pod): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}

/** A pod in a few words: "trip-api-7d9f… is not ready (trip-api: waiting, ImagePullBackOff)". */
export function describePod(pod: Pod): string {
  const name = pod.metadata?.name ?? "a pod";
  if (pod.metadata?.deletionTimestamp !== undefined) return `${name} is being deleted`;
  if (isReady(pod)) return `${name} is ready`;
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const containers = containersOf(pod)
    .filter((container) => !container.isReady)
    .map(
      ({ name: container, state, restarts, lastEnd }) =>
        `${container}: ${state}${restarts > 0 ? `, restarted ${restarts === 1 ? "once" : `${restarts} times`}, the last time after ${lastEnd ?? "an unknown end"}` : ""}`,
    );
  const why = unscheduled?.message ?? containers.join("; ");
  return `${name} is not ready${why === "" ? "" : ` (${why})`}`;
}

function stateOf({ state, ready, started }: V1ContainerStatus, isFirst: boolean): string {
  if (state?.waiting !== undefined) {
    const { reason, message } = state.waiting;
    return `waiting, ${[reason, message].filter((part) => part !== undefined).join(": ")}`;
  }
  if (state?.terminated !== undefined) return endOf(state.terminated) ?? "ended";
  if (ready) return "running";
  if (isFirst) return "running, and the others wait for it";
  return `running, and its ${started ? "readiness" : "startup"} probe has not passed`;
}

function endOf(
  terminated: NonNullable<V1ContainerStatus["state"]>["terminated"],
): string | undefined {
  if (terminated === undefined) return undefined;
  return `${terminated.reason ?? "ended"}, exit code ${terminated.exitCode}`;
}
