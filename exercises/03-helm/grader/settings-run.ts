// One life of a release that several checks judge: installed, upgraded to another setting, rolled back.
import type { CheckContext } from "@onramp/grading/check";
import { sharedRun } from "@onramp/grading/shared-run";
import { watchFor } from "@onramp/grading/watch-for";
import { type DeployedTripApi, readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import type { Services } from "./chart.ts";
import { withRelease } from "./release.ts";

/** What the daily report told for a minute. */
interface Told {
  readonly limit: string;
  readonly wanted: string;
}

/** trip-api after its setting was changed by an upgrade, and after a rollback. */
export const settingsRun = sharedRun(async (services: Services, context) => {
  const first = context.seed.integer("first limit", 30, 70);
  const second = context.seed.integer("second limit", 80, 110);
  return withRelease(services, context, "settings", async (release) => {
    await release.install({ speedLimitKmh: first });
    const deployed = await release.serving("after `helm install`");
    const atFirst = await toldOf(deployed, String(first), context);
    await release.upgrade({ speedLimitKmh: second });
    const upgraded = await toldOf(deployed, String(second), context);
    const { exitCode, output } = await release.helm("rollback", release.name, "1");
    const rolledBack = exitCode === 0 ? await toldOf(deployed, String(first), context) : undefined;
    return { atFirst, upgraded, rolledBack, output };
  });
});

/** What the daily report tells as soon as it is a number, or after a minute where it never is. */
async function toldOf(
  deployed: DeployedTripApi,
  wanted: string,
  { signal }: CheckContext,
): Promise<Told> {
  let limit = "nothing";
  await watchFor(
    async () => {
      limit = await deployed.speedLimit();
      return { done: limit === wanted, seen: limit };
    },
    { forMs: readyMs, everyMs: 200, signal },
  );
  return { limit, wanted };
}
