import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { type Manifest, parseManifests } from "@onramp/testbed/kubernetes/manifest";
import { withEvidence } from "@onramp/testbed/kubernetes/namespace";
import { firstLines } from "@onramp/testbed/kubernetes/what-was-said";
import { untilEvicted } from "@onramp/testbed/trip-api/drain";
import { chartDirectory, check, releaseName, render, type Services } from "../chart.ts";
import { describeObject } from "../leftovers.ts";
import { labelFaults } from "../labels.ts";
import { makeNamespace, Release } from "../release.ts";

/** With so many requests in a row each pod of four is met, in all likelihood but one in a hundred thousand. */
const requests = 40;

check(
  "keeps-releases-apart",
  { withinMs: 180_000, concurrent: true },
  async ({ helm }, context) => {
    const chart = await chartDirectory({ helm }, context);
    const objects = await renderObjects({ helm }, context, chart, releaseName);
    demandLabels(objects);
    await using namespace = await makeNamespace({ helm }, context, "apart");
    await withEvidence(namespace, context.evidence, async () => {
      const limits = { north: 80, south: 110 };
      const releases = Object.entries(limits).map(
        ([name, limit]) =>
          [new Release({ namespace, name, chart }, { helm }, context), limit] as const,
      );
      // One after the other, as people install them.
      for (const [release, speedLimitKmh] of releases)
        await release.install({ replicaCount: 2, speedLimitKmh });
      for (const [release, limit] of releases) {
        const deployed = await release.serving("beside another release");
        const own = new Set((await deployed.workload.pods()).map(({ metadata }) => metadata?.name));
        await deployed.untilEveryPodAnswers();
        const served = new Set(await deployed.servedBy(requests));
        const foreign = [...served].filter((pod) => !own.has(pod));
        if (foreign.length > 0) {
          fail(
            `The Service of the release ${release.name} leads to ${foreign.join(" and ")}, which belongs to the other release.`,
            {
              expected: `answers of ${[...own].join(" and ")} alone`,
              actual: `answers of ${[...served].join(", ")}`,
            },
          );
        }
        const said = await deployed.speedLimit();
        if (said !== String(limit)) {
          fail(`The release ${release.name} has speedLimitKmh: ${limit}, and says ${said}.`, {
            expected: `${limit} km/h in the daily report`,
            actual: said,
          });
        }
        // A budget that counts the pods of both is no budget: the API server refuses every eviction then.
        const [pod] = await deployed.workload.pods();
        const what = `A drain can evict a pod of the release ${release.name}, with both releases there`;
        await untilEvicted(namespace, pod, what, context);
      }
    });
    demandOwnNames(objects, await renderObjects({ helm }, context, chart, "south"));
  },
);

/** What a release has, hooks among them, and the Secret of its own. */
async function renderObjects(
  { helm }: Services,
  context: CheckContext,
  chart: string,
  release: string,
): Promise<Manifest[]> {
  // As long as tokens are: a chart may refuse what is too short for one.
  const values = { "token.value": context.seed.hex("token of the values", 32) };
  const { exitCode, output, stdout } = await render({ helm }, chart, { values, release });
  if (exitCode !== 0) {
    const said = firstLines(output);
    fail(`The chart does not render with \`token.value: ${values["token.value"]}\`:\n${said}`, {
      expected: "it renders with a token of 32 characters",
      actual: said,
    });
  }
  const manifests = new Map([["rendered.yaml", stdout]]);
  return parseManifests(helm.cluster.kubernetes, `release-${release}`, manifests);
}

/** Demands that every object says whose it is: who looks for those of one release finds them by that. */
function demandLabels(objects: readonly Manifest[]): void {
  const faults = labelFaults(objects, releaseName);
  if (faults.length === 0) return;
  fail(`Labels of the release ${releaseName} are missing or wrong: ${faults[0]}.`, {
    expected: `app.kubernetes.io/name and app.kubernetes.io/instance: ${releaseName} on every object, and on the pods`,
    actual: faults.join("\n"),
  });
}

/** Demands that no object is called alike in two releases: also those which are not there at all times. */
function demandOwnNames(north: readonly Manifest[], south: readonly Manifest[]): void {
  const taken = new Set(north.map((object) => describeObject(object)));
  const shared = south.map((object) => describeObject(object)).filter((name) => taken.has(name));
  if (shared.length === 0) return;
  fail(`The releases north and south both have ${shared.join(" and ")}.`, {
    expected: "the name of each object has the release's name in it",
    actual: shared.join("\n"),
  });
}
