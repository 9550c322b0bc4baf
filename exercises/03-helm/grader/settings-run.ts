// One life of a release that several checks judge: installed, upgraded to another setting, rolled back.
import type { CheckContext } from "@onramp/grading/check";
import { sharedRun } from "@onramp/grading/shared-run";
import { watchFor } from "@onramp/grading/watch-for";
import { containersOf, describePod } from "@onramp/testbed/kubernetes/pod-state";
import { readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import type { Services } from "./chart.ts";
import { mayLearnLater } from "./may-learn-later.ts";
import { type Release, withRelease } from "./release.ts";
import { settledMs, Unchanged } from "./unchanged.ts";

/** What the daily reports of all pods told in the end. */
export interface Told {
  readonly wanted: string;
  /** Whether the rollout is over, and every pod told what was wanted. */
  readonly isRight: boolean;
  /** As it stands in a message: "60 s after `helm rollback` the pods say 110". */
  readonly seen: string;
}

/** trip-api after its setting was changed by an upgrade, and after a rollback. */
export const settingsRun = sharedRun(async (services: Services, context) => {
  const first = context.seed.integer("first limit", 30, 70);
  const second = context.seed.integer("second limit", 80, 110);
  return withRelease(services, context, "settings", async (release) => {
    await release.install({ speedLimitKmh: first });
    await release.serving("after `helm install`");
    const atFirst = await toldOf(release, first, "`helm install`", context);
    await release.upgrade({ speedLimitKmh: second });
    const upgraded = await toldOf(release, second, "`helm upgrade`", context);
    const { exitCode, output } = await release.helm("rollback", release.name, "1");
    const rolledBack =
      exitCode === 0
        ? await toldOf(release, first, "`helm rollback` to the first revision", context)
        : undefined;
    return { atFirst, upgraded, rolledBack, output };
  });
});

/**
 * What the pods tell as soon as the rollout is over and they tell what is wanted; or after a minute; or when nothing has
 * moved for a while and nothing can. An answer through the Service might be one of a pod that is on its way out.
 */
async function toldOf(
  release: Release,
  limit: number,
  after: string,
  { signal }: CheckContext,
): Promise<Told> {
  const wanted = String(limit);
  const deployed = await release.deployed();
  const unchanged = new Unchanged();
  let last = { isOver: false, isFinal: false, isRight: false, limits: [] as string[], pods: "" };
  await watchFor(
    async () => {
      const { isOver, pods } = await deployed.workload.rollout();
      const limits = await Promise.all(pods.map(async (pod) => deployed.speedLimitOf(pod)));
      const restarts = pods.flatMap((pod) => containersOf(pod).map((each) => each.restarts));
      const uids = pods.map(({ metadata }) => metadata?.uid);
      const isSettled = unchanged.isSettled(JSON.stringify({ isOver, limits, restarts, uids }));
      // A pod that does not answer yet may have begun a moment ago.
      const haveAnswered = limits.length > 0 && limits.every((each) => /^\d+$/.test(each));
      const isFinal =
        isSettled && isOver && haveAnswered && !pods.some((pod) => mayLearnLater(pod));
      const isRight = isOver && haveAnswered && limits.every((each) => each === wanted);
      const described = pods.map((pod) => describePod(pod)).join("; ");
      last = { isOver, isFinal, isRight, limits, pods: described };
      return { done: isRight || isFinal, seen: limits.join() };
    },
    { forMs: readyMs, everyMs: 200, signal },
  );
  const { isOver, isFinal, isRight, limits, pods } = last;
  const said = [...new Set(limits)].join(" and ") || "nothing";
  const when = isFinal
    ? `${settledMs / 1000} s after the last change that ${after} has made`
    : `${readyMs / 1000} s after ${after}`;
  const rest = isOver ? "" : `, and not all of them are new and ready (${pods})`;
  return {
    wanted,
    isRight,
    seen: `${when} the pods still say ${said}${rest}`,
  };
}
