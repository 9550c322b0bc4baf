import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { type DeployedTripApi, readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import { postStatus } from "@onramp/testbed/trip-api/post-status";
import { tokenSecret } from "@onramp/testbed/trip-api/team-namespace";
import { check, onDeployed, type Services, tokenOf } from "../deployed.ts";

const limitKey = "TRIP_API_SPEED_LIMIT_KMH";
/** What the brief wants the ConfigMap to hold. */
const firstLimit = 120;

/** What trip-api said of its settings. */
interface Said {
  /** The speed limit in the daily report, or why there is none. */
  readonly limit: string;
  /** Status of a POST without a token, with the first and with the second one. */
  readonly withoutToken: string;
  readonly withFirst: string;
  readonly withSecond: string;
}

/** trip-api before and after the platform changed ConfigMap and Secret and started the pods anew. */
const settingsRun = sharedRun(async (services: Services, context) => {
  const first = tokenOf(context, "first");
  const second = tokenOf(context, "second");
  const listen = async (deployed: DeployedTripApi): Promise<Said> => {
    await deployed.untilItAnswers();
    return {
      limit: await deployed.speedLimit(),
      withoutToken: await postStatus(deployed, context),
      withFirst: await postStatus(deployed, context, first),
      withSecond: await postStatus(deployed, context, second),
    };
  };
  const secondLimit = String(context.seed.integer("speed limit", 30, 110));
  return onDeployed(services, context, { purpose: "settings" }, async (deployed) => {
    const before = await listen(deployed);
    const patched = await deployed.namespace.kubectl([
      "patch",
      "configmap/trip-api",
      `--patch=${JSON.stringify({ data: { [limitKey]: secondLimit } })}`,
    ]);
    const patch = JSON.stringify({ stringData: { token: second } });
    const patchedSecret = await deployed.namespace.kubectl([
      "patch",
      `secret/${tokenSecret}`,
      `--patch=${patch}`,
    ]);
    await deployed.kubectl("rollout", "restart", deployed.workload.ref);
    await deployed.untilReady("after a restart with other settings", {
      withinMs: 2 * readyMs,
    });
    return { before, after: await listen(deployed), patched, patchedSecret, secondLimit };
  });
});

const budget = { withinMs: 240_000, concurrent: true };

check("takes-its-settings", budget, async ({ cluster }, context) => {
  const { before, after, patched, secondLimit } = await settingsRun({ cluster }, context);
  const expected = `the daily report tells ${firstLimit} km/h at first, and ${secondLimit} when the ConfigMap says so`;
  if (patched.exitCode !== 0)
    fail(`The platform could not change ${limitKey} in the ConfigMap trip-api: ${patched.output}`, {
      expected,
      actual: patched.output,
    });
  if (before.limit === String(firstLimit) && after.limit === secondLimit) return;
  const actual = `${before.limit} at first, and ${after.limit} after ${limitKey} was ${secondLimit} and the pods were started anew`;
  fail(`trip-api does not take its speed limit from the ConfigMap: ${actual}.`, {
    expected,
    actual,
  });
});

check("takes-its-token", budget, async ({ cluster }, context) => {
  const { before, after, patchedSecret } = await settingsRun({ cluster }, context);
  if (patchedSecret.exitCode !== 0) {
    fail(`The platform could not change its Secret ${tokenSecret}: ${patchedSecret.output}`, {
      expected: "the Secret is the platform's, and no file of yours says what it is",
      actual: patchedSecret.output,
    });
  }
  const wanted = { withoutToken: "401", withFirst: "201", withSecond: "401" };
  const later = { withoutToken: "401", withFirst: "401", withSecond: "201" };
  const words = {
    withoutToken: "without a token",
    withFirst: "with the token of the Secret as it was at first",
    withSecond: "with the token that the Secret got then",
  };
  const compare = (said: Said, right: typeof wanted, when: string): string[] =>
    (["withoutToken", "withFirst", "withSecond"] as const)
      .filter((question) => said[question] !== right[question])
      .map(
        (question) =>
          `a POST ${words[question]} got ${said[question]} ${when}, and ${right[question]} is right`,
      );
  const faults = [
    ...compare(before, wanted, "at the beginning"),
    ...compare(after, later, "after the change"),
  ];
  if (faults.length === 0) return;
  fail(`trip-api does not go by the token in the Secret: ${faults[0]}.`, {
    expected: `${tokenSecret} decides who may post, also after it was changed and the pods were started anew`,
    actual: faults.join("\n"),
  });
});
