import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { watchFor } from "@onramp/grading/watch-for";
import { containersOf, describePod, isReady, type Pod } from "@onramp/testbed/kubernetes/pod-state";
import type { DeployedTripApi } from "@onramp/testbed/trip-api/deployed-trip-api";
import { check, onDeployed } from "../deployed.ts";
import { whyItMayBeEnded, whyNobodyEndsIt } from "../probe-times.ts";

/** How long a pod that hangs may stay, in milliseconds: the brief's 75 s. */
const hangMs = 75_000;
/** How long a pod may get traffic after it said that it is not ready, in milliseconds: the brief's 40 s. */
const outOfTrafficMs = 40_000;
/** How long trip-api loads in the slow start, in milliseconds: the brief's 25 s. */
const slowStartMs = 25_000;
/** With so many requests in a row one of two pods is met, in all likelihood but one in a million million. */
const requests = 40;

const debug = { TRIP_API_DEBUG: "1" };

check(
  "is-restarted-when-it-hangs",
  { withinMs: 240_000, concurrent: true },
  async ({ cluster }, context) => {
    const options = { purpose: "hanging", variables: debug };
    await onDeployed({ cluster }, context, options, async (deployed) => {
      const pod = await deployed.workload.somePod();
      await deployed.tell(pod, "hang");
      await eventually(
        `A container that hangs is restarted within ${hangMs / 1000} s`,
        async () => {
          const now = await again(deployed, pod);
          // Another pod in its place will do as well.
          return { done: now === undefined || restartsOf(now) > 0, seen: describe(now) };
        },
        {
          withinMs: hangMs,
          everyMs: 500,
          signal: context.signal,
          hasDied: async () => whyNobodyEndsIt(pod, hangMs),
        },
      );
      await deployed.untilReady("after the one that hung was restarted");
    });
  },
);

check(
  "gets-no-traffic-while-not-ready",
  { withinMs: 240_000, concurrent: true },
  async ({ cluster }, context) => {
    const options = { purpose: "not-ready", variables: debug };
    await onDeployed({ cluster }, context, options, async (deployed) => {
      const pod = await deployed.workload.somePod();
      const name = pod.metadata?.name ?? "";
      const { signal } = context;
      await deployed.tell(pod, "not-ready");
      const toldAt = performance.now();
      await eventually(
        `A pod whose /readyz says 503 gets no traffic`,
        async () => {
          const served = await answersOf(deployed, name);
          return {
            done: served === 0,
            seen: `${served} of ${requests} requests were answered by ${name}`,
          };
        },
        { withinMs: outOfTrafficMs, everyMs: 500, signal },
      );
      const restarted = await watchFor(
        async () => {
          const now = await again(deployed, pod);
          return { done: now === undefined || restartsOf(now) > 0, seen: describe(now) };
        },
        { forMs: outOfTrafficMs - (performance.now() - toldAt), everyMs: 500, signal },
      );
      if (restarted !== undefined) {
        fail(`A pod that was not ready, and well otherwise, was ended: ${restarted.seen}.`, {
          expected: "it gets no traffic, and is left alone until it is ready again",
          actual: restarted.seen,
        });
      }
      await deployed.tell(pod, "ready");
      await eventually(
        `A pod that is ready again gets traffic again`,
        async () => {
          const served = await answersOf(deployed, name);
          return {
            done: served > 0,
            seen: `${served} of ${requests} requests were answered by ${name}`,
          };
        },
        { withinMs: outOfTrafficMs, everyMs: 500, signal },
      );
    });
  },
);

check("starts-slowly", { withinMs: 240_000, concurrent: true }, async ({ cluster }, context) => {
  const options = {
    purpose: "slow",
    variables: { TRIP_API_START_DELAY_MS: String(slowStartMs) },
    withinMs: 90_000,
    noRestart: true,
  };
  await onDeployed({ cluster }, context, options, async (deployed) => {
    // A pod without a readiness probe counts as ready while nobody listens yet.
    await deployed.untilItAnswers(options.withinMs);
    const pods = await deployed.workload.pods();
    const restarted = pods.filter((pod) => restartsOf(pod) > 0);
    if (restarted.length === 0) {
      const [lucky] = pods.flatMap((pod) => whyItMayBeEnded(pod, slowStartMs) ?? []);
      if (lucky === undefined) return;
      fail(`trip-api needs ${slowStartMs / 1000} s to start here, and ${lucky}.`, {
        expected: `no probe that can end it within ${slowStartMs / 1000} s`,
        actual: `${lucky}; this time it was not ended`,
      });
    }
    const seen = restarted.map((pod) => describe(pod)).join("; ");
    fail(`trip-api needs ${slowStartMs / 1000} s to start here, and was ended before: ${seen}.`, {
      expected: `no restart while it starts, for ${slowStartMs / 1000} s`,
      actual: seen,
    });
  });
});

/** How many of some requests a pod answers. */
async function answersOf(deployed: DeployedTripApi, name: string): Promise<number> {
  return (await deployed.servedBy(requests)).filter((pod) => pod === name).length;
}

/** A pod as it is now; undefined when it is gone or going. */
async function again(deployed: DeployedTripApi, pod: Pod): Promise<Pod | undefined> {
  const pods = await deployed.workload.pods();
  return pods.find(({ metadata }) => metadata?.uid === pod.metadata?.uid);
}

function restartsOf(pod: Pod): number {
  return containersOf(pod).reduce((sum, { restarts }) => sum + restarts, 0);
}

function describe(pod: Pod | undefined): string {
  if (pod === undefined) return "the pod is gone";
  const restarts = restartsOf(pod);
  const ends = containersOf(pod).flatMap(({ lastEnd }) => lastEnd ?? []);
  const past =
    restarts === 0
      ? "no restart"
      : `${restarts} ${restarts === 1 ? "restart" : "restarts"} (${ends.join(", ")})`;
  return isReady(pod) ? `${describePod(pod)}, with ${past}` : `${describePod(pod)}; ${past}`;
}
