import { watchFor } from "@onramp/grading/watch-for";
import { type DeployedTripApi, readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import { demandNoOtherEviction, untilEvicted } from "@onramp/testbed/trip-api/drain";
import { demandNewPods } from "@onramp/testbed/trip-api/new-pods";
import { tripApiImage } from "@onramp/testbed/trip-api/trip-api-images";
import { underLoad } from "@onramp/testbed/trip-api/under-load";
import { check, onDeployed } from "../deployed.ts";

const budget = { withinMs: 300_000, concurrent: true };
/** How long a version that does not start is watched, in milliseconds. */
const brokenMs = 20_000;

check("rolls-out-without-a-loss", budget, async ({ cluster }, context) => {
  await onDeployed({ cluster }, context, { purpose: "rollout" }, async (deployed) => {
    const old = await deployed.workload.pods();
    await underLoad(deployed, context, "In the rollout of trip-api 1.5.0", async () => {
      await setImage(deployed, tripApiImage("1.5.0"));
      await deployed.untilReady("after the rollout of trip-api 1.5.0", { withinMs: 3 * readyMs });
      demandNewPods(old, await deployed.workload.pods(), {
        what: "The rollout of trip-api 1.5.0",
        expected: "pods of 1.5.0 in the place of those of 1.4.0",
      });
    });
  });
});

check("loses-a-pod-without-a-loss", budget, async ({ cluster }, context) => {
  await onDeployed({ cluster }, context, { purpose: "deletion" }, async (deployed) => {
    await underLoad(deployed, context, "When pods were deleted, one after the other,", async () => {
      // Each in turn: the news of one may happen to be quick.
      for (const { metadata } of await deployed.workload.pods()) {
        await deployed.kubectl("delete", `pod/${metadata?.name}`, "--wait=false");
        await deployed.untilReady("after one was deleted", { withinMs: 2 * readyMs });
      }
    });
  });
});

check("serves-beside-a-broken-version", budget, async ({ cluster }, context) => {
  await onDeployed({ cluster }, context, { purpose: "broken" }, async (deployed) => {
    await underLoad(
      deployed,
      context,
      "When a version was rolled out that does not start",
      async (load) => {
        // It loads for ten minutes before it listens.
        const never = "TRIP_API_START_DELAY_MS=600000";
        await deployed.kubectl("set", "env", deployed.workload.ref, never);
        await watchFor(
          async () => {
            const { failures } = await load.look();
            return { done: failures.length > 0, seen: "" };
          },
          { forMs: brokenMs, everyMs: 500, signal: context.signal },
        );
      },
    );
  });
});

check("lets-a-drain-go-on", budget, async ({ cluster }, context) => {
  await onDeployed({ cluster }, context, { purpose: "drain" }, async (deployed) => {
    const { namespace } = deployed;
    const [first, ...others] = await deployed.workload.pods();
    await untilEvicted(namespace, first, "A drain can evict a pod while all are ready", context);
    await demandNoOtherEviction(
      namespace,
      { gone: first, others },
      "A drain could evict a second pod before there was a new one for the first.",
    );
    await deployed.untilReady("after one was evicted", { withinMs: 2 * readyMs });
    const then = "A drain can evict the next pod, when a new one has taken the place of the first";
    await untilEvicted(namespace, others[0], then, context);
  });
});

/** Changes the image of trip-api in every container that runs it. */
async function setImage(deployed: DeployedTripApi, image: string): Promise<void> {
  const containers = await deployed.workload.containers();
  const changes = containers.map((name) => `${name}=${image}`);
  await deployed.kubectl("set", "image", deployed.workload.ref, ...changes);
}
