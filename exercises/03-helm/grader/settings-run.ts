// One life of a release that several checks judge: installed, upgraded to another setting, rolled back.
import { eventually } from "@onramp/grading/eventually";
import { sharedRun } from "@onramp/grading/shared-run";
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
    const atFirst = await until(deployed, String(first));
    await release.upgrade({ speedLimitKmh: second });
    const upgraded = await until(deployed, String(second));
    const { exitCode, output } = await release.helm("rollback", release.name, "1");
    const rolledBack = exitCode === 0 ? await until(deployed, String(first)) : undefined;
    return { atFirst, upgraded, rolledBack, output };
  });
});

/** Waits until all pods are new and the daily report tells a number; what it told last, where it never does. */
async function until(deployed: DeployedTripApi, wanted: string): Promise<Told> {
  let limit = "nothing";
  const probe = async (): Promise<{ done: boolean; seen: string }> => {
    limit = await deployed.speedLimit();
    return { done: limit === wanted, seen: limit };
  };
  await eventually("The daily report tells it", probe, { withinMs: readyMs, everyMs: 200 }).catch(
    () => {},
  );
  return { limit, wanted };
}
