import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { Cluster } from "@onramp/testbed/kubernetes/cluster";
import { describeAnswer } from "@onramp/testbed/kubernetes/cluster-client";
import { firstLines } from "@onramp/testbed/kubernetes/what-was-said";
import { demandNoOtherEviction, untilEvicted } from "@onramp/testbed/trip-api/drain";
import { postStatus } from "@onramp/testbed/trip-api/post-status";
import { check } from "../chart.ts";
import { describeObject, type Listed, objectsOf, stayingForEver } from "../leftovers.ts";
import { type Release, withRelease } from "../release.ts";
import { type Manifest, parseManifests } from "@onramp/testbed/kubernetes/manifest";
import { holdsSecret } from "@onramp/testbed/kubernetes/secret-in-text";
import { settledMs, Unchanged } from "../unchanged.ts";

const budget = { withinMs: 240_000, concurrent: true };
/** How long a test may take, in seconds: the brief's 60 s. */
const testS = 60;
/** How long what a release had may take to go, in milliseconds: the brief's 60 s. */
const goneMs = 60_000;

/** The hooks of a release: they are objects too, for as long as they are there. */
async function hooksOf(cluster: Cluster, release: Release): Promise<Manifest[]> {
  const { stdout } = await release.helm("get", "hooks", release.name);
  if (stdout.trim() === "") return [];
  return parseManifests(cluster, "hooks", new Map([["hooks.yaml", stdout]]));
}

check("tests-the-release", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "test", async (release) => {
    await release.install({});
    const deployed = await release.serving("after `helm install`");
    const test = async (): ReturnType<Release["helm"]> =>
      release.helm("test", release.name, `--timeout=${testS}s`);
    const passing = await test();
    if (passing.exitCode !== 0) {
      const said = firstLines(passing.output);
      fail(`\`helm test\` failed, and trip-api serves:\n${said}`, {
        expected: "`helm test north` ends with 0",
        actual: said,
      });
    }
    await deployed.kubectl("scale", deployed.workload.ref, "--replicas=0");
    await eventually(
      "Nobody answers after the pods were taken away",
      async () => {
        const pods = await deployed.workload.pods();
        const answer = await deployed.ask("/healthz");
        const seen = `${pods.length} pods, ${describeAnswer(answer)}`;
        return { done: pods.length === 0 && answer.error !== undefined, seen };
      },
      { withinMs: 60_000, everyMs: 200, signal: context.signal },
    );
    const failing = await test();
    if (failing.exitCode !== 0) return;
    fail("`helm test` passed while no pod of trip-api was there.", {
      expected: "each run asks the Service anew, and fails when it does not answer",
      actual: firstLines(failing.output),
    });
  });
});

check("budget-follows-the-replicas", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "budget", async (release) => {
    await release.install({ replicaCount: 1 });
    const deployed = await release.serving("after `helm install`");
    const { namespace } = deployed;
    const only = await deployed.workload.somePod();
    await untilEvicted(namespace, only, "With replicaCount: 1 a drain can evict the pod", context);
    await release.upgrade({ replicaCount: 3 });
    await deployed.untilReady("with replicaCount: 3", { atLeast: 3 });
    const [first, ...others] = await deployed.workload.pods();
    await untilEvicted(namespace, first, "With replicaCount: 3 a drain can evict a pod", context);
    await demandNoOtherEviction(
      namespace,
      { gone: first, others },
      "With replicaCount: 3 a drain could evict two pods at once.",
    );
  });
});

check("keeps-the-token-secret", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "token", async (release) => {
    const token = context.seed.hex("token of the values", 32);
    const { output } = await release.install({ "token.value": token });
    const deployed = await release.serving("after `helm install` with token.value");
    const status = await postStatus(deployed, context, token);
    if (status !== "201") {
      fail(
        `Installed with \`token.value\`, trip-api answers a POST with that token by ${status}.`,
        {
          expected:
            "201: the chart makes a Secret with this token, and trip-api takes it from there",
          actual: status,
        },
      );
    }
    const holds = (text: string): boolean => holdsSecret(text, token);
    const objects = await objectsOf(release);
    const hooks = await hooksOf(helm.cluster.kubernetes, release);
    const shows = (object: Listed | Manifest): boolean =>
      object.kind !== "Secret" && holds(JSON.stringify(object));
    const found = [
      ...objects.filter(shows).map((object) => describeObject(object)),
      ...(holds(output) ? ["what `helm install` prints (NOTES)"] : []),
      ...hooks.filter(shows).map((hook) => `the hook ${describeObject(hook)}`),
    ];
    if (found.length === 0) return;
    fail(`The token stands where everybody can read it: in ${found.join(", ")}.`, {
      expected: "the token is in a Secret alone, and pods refer to it",
      actual: found.join("\n"),
    });
  });
});

check("leaves-nothing-behind", budget, async ({ helm }, context) => {
  await withRelease({ helm }, context, "uninstall", async (release) => {
    await release.install({ "token.value": context.seed.hex("token of the values", 32) });
    await release.serving("after `helm install`");
    // What a test leaves belongs to the chart as well; whether it passes is the matter of another check.
    await release.helm("test", release.name, `--timeout=${testS}s`);
    if ((await objectsOf(release)).length === 0)
      throw new Error("A release that serves has no objects.");
    const { exitCode, output } = await release.helm("uninstall", release.name);
    if (exitCode !== 0) {
      const said = firstLines(output);
      fail(`\`helm uninstall\` failed:\n${said}`, {
        expected: "`helm uninstall north` ends with 0",
        actual: said,
      });
    }
    const unchanged = new Unchanged();
    let left = await objectsOf(release);
    await eventually(
      "After `helm uninstall` nothing of the release is there",
      async () => {
        left = await objectsOf(release);
        const names = left.map((object) => describeObject(object));
        return { done: left.length === 0, seen: `${names.join(", ")} still there` };
      },
      {
        withinMs: goneMs,
        // Each look is a kubectl that lists a dozen kinds.
        everyMs: 2000,
        signal: context.signal,
        hasDied: async () => {
          const staying = stayingForEver(left);
          const isSettled = unchanged.isSettled(staying.map(({ metadata }) => metadata.uid).join());
          if (staying.length === 0 || !isSettled) return undefined;
          const names = staying.map((object) => describeObject(object)).join(", ");
          return `${names} still there ${settledMs / 1000} s later, with no owner that goes and nobody who would delete it`;
        },
      },
    );
  });
});
