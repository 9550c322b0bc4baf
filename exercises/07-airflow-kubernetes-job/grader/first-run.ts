// The run that most of the pod's properties are judged by: of a topic in which there is nothing yet.
import { setTimeout as pause } from "node:timers/promises";
import type { CheckContext } from "@onramp/grading/check";
import { sharedRun } from "@onramp/grading/shared-run";
import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { dayOf } from "./days.ts";
import type { StreamScore } from "./stream-score.ts";

export interface FirstRun {
  readonly day: string;
  /** As Airflow tells it in the end. */
  readonly state: string;
  /** How often its task was tried. */
  readonly tries: number;
  /** All pods that were in the namespace meanwhile, as they were seen last, in the order in which they came. */
  readonly pods: readonly Pod[];
  /** All Jobs that were there meanwhile, as they were seen last. */
  readonly jobs: readonly unknown[];
  /** What Airflow shows of its tasks. */
  readonly log: string;
}

/** How long it may take, in milliseconds: the brief gives the number. */
const limitMs = 60_000;

/** The first run, which is over, or has taken too long. */
export const firstRun = sharedRun(
  async (score: StreamScore, context: CheckContext): Promise<FirstRun> => {
    const day = dayOf(context.seed, "nothing");
    const seen = new Map<string, Pod>();
    const jobs = new Map<string, unknown>();
    const runId = await score.trigger(day);
    const end = performance.now() + limitMs;
    let state: string;
    do {
      for (const pod of await score.namespace.pods()) seen.set(pod.metadata?.name ?? "", pod);
      for (const job of await score.namespace.jobs()) jobs.set(job.metadata?.name ?? "", job);
      ({ state } = await score.airflow.runs.run(score.dagId, runId));
      await pause(200);
    } while (!["success", "failed"].includes(state) && performance.now() < end);
    if (state !== "success") await score.keepRun(runId, context.evidence);
    const tasks = await score.airflow.runs.tasks(score.dagId, runId);
    const tries = Math.max(1, ...tasks.map(({ try_number }) => try_number));
    const log = await score.logOf(runId);
    return { day, state, tries, pods: [...seen.values()], jobs: [...jobs.values()], log };
  },
);
