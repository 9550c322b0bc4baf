import { fail } from "@onramp/grading/check-failure";
import { readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import { firstLines } from "@onramp/testbed/kubernetes/what-was-said";
import { demandNewPods } from "@onramp/testbed/trip-api/new-pods";
import { underLoad } from "@onramp/testbed/trip-api/under-load";
import { check } from "../chart.ts";
import { type Release, withRelease } from "../release.ts";

const budget = { withinMs: 300_000, concurrent: true };
/** How long Helm waits for a version, in seconds: the brief's 25 s. */
const waitS = 25;

check("upgrades-without-a-loss", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "upgrade", async (release) => {
    await release.install({ replicaCount: 2 });
    const deployed = await release.serving("after `helm install`");
    const old = await deployed.workload.pods();
    let upgraded = deployed;
    await underLoad(deployed, context, "In the upgrade to trip-api 1.5.0", async () => {
      await release.upgrade({ replicaCount: 2, "image.tag": "1.5.0" });
      // Under another name, maybe: a chart may have its version in it.
      upgraded = await release.deployed();
      await upgraded.untilReady("after the upgrade to trip-api 1.5.0", { withinMs: 3 * readyMs });
    });
    demandNewPods(old, await upgraded.workload.pods(), {
      what: "The upgrade to `image.tag: 1.5.0`",
      expected: "pods of trip-api 1.5.0",
    });
  });
});

async function revisionsOf(release: Release): Promise<number> {
  const { exitCode, output, stdout } = await release.helm("history", release.name, "--output=json");
  if (exitCode !== 0) {
    const said = firstLines(output);
    fail(`\`helm history ${release.name}\` failed:\n${said}`, {
      expected: "Helm finds the records of the release, which it keeps in Secrets",
      actual: said,
    });
  }
  return (JSON.parse(stdout) as readonly unknown[]).length;
}

check("goes-back-from-a-broken-version", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "broken", async (release) => {
    await release.install({ replicaCount: 2 });
    const deployed = await release.serving("after `helm install`");
    await underLoad(
      deployed,
      context,
      "In an upgrade to a version that does not start",
      async () => {
        // It loads for ten minutes before it listens.
        const extraEnv = [{ name: "TRIP_API_START_DELAY_MS", value: "600000" }];
        const { exitCode, output } = await release.tryUpgrade(
          { replicaCount: 2, extraEnv },
          "--rollback-on-failure",
          `--timeout=${waitS}s`,
        );
        if (exitCode === 0) {
          fail(
            "Helm took a version that never answers for a good one: `helm upgrade --rollback-on-failure` ended with 0.",
            {
              expected: `Helm sees within ${waitS} s that no new pod is ready, goes back, and ends with an error`,
              actual: "exit code 0, while the new pods still load",
            },
          );
        }
        if ((await revisionsOf(release)) < 3) {
          fail(
            `Helm ended with an error before it had rolled anything out:\n${firstLines(output)}`,
            {
              expected:
                "three revisions: the first, the broken one, and the one by which Helm went back",
              actual: firstLines(output),
            },
          );
        }
        await deployed.untilReady("after Helm went back from the broken version");
      },
    );
  });
});
