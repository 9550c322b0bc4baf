import { fail } from "@onramp/grading/check-failure";
import { withEvidence } from "@onramp/testbed/kubernetes/namespace";
import { firstRefusals } from "@onramp/testbed/kubernetes/what-was-said";
import { tripApiImage } from "@onramp/testbed/trip-api/trip-api-images";
import { tokenSecret } from "@onramp/testbed/trip-api/team-namespace";
import { check, onDeployed, readObjects } from "./deployed.ts";
import { parseGenerations } from "./generations.ts";
import { labelFaults } from "./labels.ts";
import { secretsIn } from "./secrets.ts";
import { applied, standing } from "./standing.ts";

check("is-accepted", {}, async ({ cluster }, context) => {
  const { result, manifests } = await applied({ cluster }, context);
  context.evidence("kubectl apply --validate=strict", result.output);
  context.evidence("The files", [...manifests.keys()].join("\n"));
  if (result.exitCode === 0) return;
  const said = firstRefusals(result.output);
  fail(`kubectl could not apply the manifests:\n${said}`, {
    expected: "kubectl apply --validate=strict --recursive --filename=manifests/ ends with 0",
    actual: said,
  });
});

check("becomes-ready", { withinMs: 90_000 }, async ({ cluster }, context) => {
  const { workload } = await standing({ cluster }, context);
  const wanted = tripApiImage("1.4.0");
  const { spec } = await workload.somePod();
  const images = (spec?.containers ?? []).map(({ image = "none" }) => image);
  // A companion may have another image, but no other version of this one.
  const versions = images.filter((image) => /\/trip-api[:@]/.test(image));
  // With or without a digest behind it.
  const isRight = (image: string): boolean => image === wanted || image.startsWith(`${wanted}@`);
  if (versions.length > 0 && versions.every(isRight)) return;
  fail(`The pods are ready, and run ${images.join(" and ")} instead of ${wanted}.`, {
    expected: wanted,
    actual: images.join(", "),
  });
});

check("applies-twice", {}, async ({ cluster }, context) => {
  const { namespace, manifests } = await applied({ cluster }, context);
  const look = async (): Promise<Map<string, string>> => {
    const { stdout } = await namespace.kubectl([
      "get",
      "all,configmaps,secrets,poddisruptionbudgets,networkpolicies,serviceaccounts,ingresses",
      "--output=json",
    ]);
    return parseGenerations(stdout);
  };
  const before = await look();
  const { exitCode, output } = await namespace.apply(manifests);
  context.evidence("The second kubectl apply", output);
  if (exitCode !== 0)
    fail(`The second \`kubectl apply\` failed:\n${firstRefusals(output)}`, {
      expected: "the same files can be applied again and again",
      actual: firstRefusals(output),
    });
  const after = await look();
  const changed = [...before].filter(
    ([name, state]) => after.has(name) && after.get(name) !== state,
  );
  if (changed.length === 0) return;
  const names = changed.map(([name, state]) => `${name} (${state}, then ${after.get(name)})`);
  fail(`The same files, applied a second time, changed ${names.join(", ")}.`, {
    expected: "nothing changes when nothing was changed",
    actual: names.join(", "),
  });
});

check("answers-by-name", {}, async ({ cluster }, context) => {
  const deployed = await standing({ cluster }, context);
  await withEvidence(deployed.namespace, context.evidence, async () => {
    await deployed.untilItAnswers(15_000);
    await deployed.untilEveryPodAnswers();
  });
});

check("meets-the-restricted-standard", { withinMs: 90_000 }, async ({ cluster }, context) => {
  const options = { purpose: "restricted", podSecurity: "restricted" } as const;
  await onDeployed({ cluster }, context, options, async (_, said) => {
    context.evidence("kubectl apply", said);
    // Pods that a Job or a CronJob would make are not there yet, or never: the server warns of their templates.
    const warnings = said.split("\n").filter((line) => line.includes("would violate PodSecurity"));
    if (warnings.length === 0) return;
    const refused = firstRefusals(warnings.join("\n"));
    fail(`The namespace would refuse pods of these manifests:\n${refused}`, {
      expected: "every pod template meets the restricted standard, those of Jobs too",
      actual: refused,
    });
  });
});

check("mounts-no-api-token", {}, async ({ cluster }, context) => {
  const { namespace, workload } = await standing({ cluster }, context);
  const lasting = await namespace.secretsOfType("kubernetes.io/service-account-token");
  if (lasting.length > 0) {
    fail(`The Secret ${lasting[0]} has a token for the Kubernetes API that never ends.`, {
      expected: "no token: trip-api does not speak with the API",
      actual: `Secrets of the type kubernetes.io/service-account-token: ${lasting.join(", ")}`,
    });
  }
  const { spec } = await workload.somePod();
  const tokens = (spec?.volumes ?? [])
    .filter(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken))
    .map(({ name }) => name);
  const mounting = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ name, volumeMounts = [] }) =>
      volumeMounts
        .filter((mount) => tokens.includes(mount.name))
        .map(
          ({ mountPath }) =>
            `The container ${name} has a token for the Kubernetes API, at ${mountPath}`,
        ),
  );
  if (mounting.length === 0) return;
  fail(`${mounting[0]}.`, {
    expected: "no token: trip-api does not speak with the API",
    actual: mounting.join("\n"),
  });
});

check("holds-no-secret", {}, async ({ cluster }, context) => {
  const found = secretsIn(await readObjects({ cluster }, context));
  if (found.length === 0) return;
  fail(`The manifests hold what is secret, for everybody who reads the repository: ${found[0]}.`, {
    expected: `no Secret and no token in the files; the platform makes ${tokenSecret}`,
    actual: found.join("\n"),
  });
});

check("carries-labels", {}, async ({ cluster }, context) => {
  const faults = labelFaults(await readObjects({ cluster }, context));
  if (faults.length === 0) return;
  fail(`Labels are missing or wrong: ${faults[0]}.`, {
    expected:
      "app.kubernetes.io/name, app.kubernetes.io/version and app.kubernetes.io/part-of on every object, and on the pods",
    actual: faults.join("\n"),
  });
});
