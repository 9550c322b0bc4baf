// The run that most of the pod's properties are judged by: of a topic in which there is nothing yet.
import type { CheckContext } from "@onramp/grading/check";
import { sharedRun } from "@onramp/grading/shared-run";
import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { dayOf } from "./days.ts";
import type { StreamScore } from "./stream-score.ts";

export interface FirstRun {
  readonly day: string;
  /** As Airflow ends it. */
  readonly state: string;
  /** All pods that were in the namespace meanwhile, as they were seen last. */
  readonly pods: readonly Pod[];
  /** What Airflow shows of its tasks. */
  readonly log: string;
}

const beginRun = sharedRun(async (score: StreamScore, context: CheckContext): Promise<FirstRun> => {
  const day = dayOf(context.seed, "nothing");
  const seen = new Map<string, Pod>();
  const look = async (): Promise<void> => {
    for (const pod of await score.namespace.pods()) seen.set(pod.metadata?.name ?? "", pod);
  };
  const runId = await score.trigger(day);
  const state = await score.untilOver(runId, context, {
    when: ", when the topic is empty,",
    everyMs: 200,
    onLook: look,
  });
  if (state !== "success") await score.keepRun(runId, context.evidence);
  return { day, state, pods: [...seen.values()], log: await score.logOf(runId) };
});

/** The first run, which is over. */
export async function firstRun(score: StreamScore, context: CheckContext): Promise<FirstRun> {
  return beginRun(score, context);
}
