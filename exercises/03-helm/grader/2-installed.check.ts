import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { withEvidence } from "@onramp/testbed/kubernetes/namespace";
import { postStatus } from "@onramp/testbed/trip-api/post-status";
import { chartDirectory, check, releaseName, type Services } from "./chart.ts";
import { makeNamespace, platformToken, Release } from "./release.ts";
import { replacedPods } from "./replaced-pods.ts";

/** The chart installed with its own values alone. */
const installed = sharedRun(async (services: Services, context) => {
  const chart = await chartDirectory(services, context);
  const namespace = await makeNamespace(services, context, "installed");
  const release = new Release({ namespace, name: releaseName, chart }, services, context);
  return withEvidence(namespace, context.evidence, async () => {
    await release.install();
    const deployed = await release.serving("after `helm install`");
    return { release, deployed };
  });
});

check("installs-and-serves", { withinMs: 120_000 }, async ({ helm }, context) => {
  const { deployed } = await installed({ helm }, context);
  const token = platformToken(context);
  const answers = {
    "the speed limit in GET /reports/daily": [await deployed.speedLimit(), "120"],
    "POST /trips without a token": [await postStatus(deployed, context), "401"],
    "POST /trips with the platform's token": [await postStatus(deployed, context, token), "201"],
  } as const;
  const faults = Object.entries(answers)
    .filter(([, [seen, wanted]]) => seen !== wanted)
    .map(([what, [seen, wanted]]) => `${what}: ${seen}, where ${wanted} is right`);
  if (faults.length === 0) return;
  fail(`The release does not serve as its default values say: ${faults[0]}.`, {
    expected: "speedLimitKmh: 120, and the token of the Secret trip-api-token",
    actual: faults.join("\n"),
  });
});

check("rolls-nothing-without-a-change", {}, async ({ helm }, context) => {
  const { release, deployed } = await installed({ helm }, context);
  const before = await deployed.workload.template();
  const old = await deployed.workload.pods();
  await release.upgrade();
  const after = await deployed.workload.template();
  if (before.generation === after.generation) {
    const seen = replacedPods(old, await deployed.workload.pods());
    if (seen === undefined) return;
    fail(`An upgrade with the same chart and the same values replaced pods: ${seen}.`, {
      expected: "the same pods go on",
      actual: seen,
    });
  }
  context.evidence("The pod template before", JSON.stringify(before.template, null, 2));
  context.evidence("The pod template after", JSON.stringify(after.template, null, 2));
  const changes = differences(before.template, after.template);
  const seen = changes.length > 0 ? changes.join("; ") : "its number of pods or its strategy";
  fail(
    `An upgrade with the same chart and the same values changed ${deployed.workload.ref}: ${seen}.`,
    {
      expected: "the same chart with the same values renders the same objects",
      actual: `generation ${before.generation}, then ${after.generation}: ${seen}`,
    },
  );
});

/** Where two values of JSON differ, each as `path: one, then other`. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (isObject(one) && isObject(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap((key) =>
      differences(one[key], other[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return [`${path}: ${JSON.stringify(one)}, then ${JSON.stringify(other)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
