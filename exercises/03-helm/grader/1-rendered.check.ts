import { isDeepStrictEqual } from "node:util";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { type Container, type Manifest, parseManifests } from "@onramp/testbed/kubernetes/manifest";
import { namespaceName } from "@onramp/testbed/kubernetes/namespace";
import { workloadKinds } from "@onramp/testbed/kubernetes/workload";
import { firstLines, firstRefusals } from "@onramp/testbed/kubernetes/what-was-said";
import { chartDirectory, check, render, type Services, type Values } from "./chart.ts";

/** The values files of the brief, with the number of pods that each asks for. */
const environments = { "values-dev.yaml": 1, "values-prod.yaml": 3 };

check("lints-strictly", {}, async ({ helm }, context) => {
  const chart = await chartDirectory({ helm }, context);
  for (const file of [undefined, ...Object.keys(environments)]) {
    const args = file === undefined ? [] : [`--values=${chart}/${file}`];
    const { exitCode, output } = await helm.run(["lint", "--strict", chart, ...args]);
    const what = `helm lint --strict chart${file === undefined ? "" : ` --values chart/${file}`}`;
    context.evidence(what, output);
    if (exitCode === 0) continue;
    const faults = output.split("\n").filter((line) => /\[(WARNING|ERROR)\]|^Error/.test(line));
    const said = firstLines(faults.join("\n") || output);
    fail(`\`${what}\` found fault:\n${said}`, {
      expected: `\`${what}\` ends with 0: no error and no warning`,
      actual: said,
    });
  }
});

check("renders-for-each-environment", { withinMs: 90_000 }, async ({ helm }, context) => {
  const chart = await chartDirectory({ helm }, context);
  const { kubernetes } = helm.cluster;
  await using namespace = await kubernetes.createNamespace({
    name: namespaceName(context.job, "rendered"),
    // Not the team's: pods of a test that break its rules are the matter of `tests-the-release`, and not of all checks.
    podSecurity: "baseline",
  });
  for (const [file, replicas] of Object.entries(environments)) {
    const rendered = await render({ helm }, chart, {
      files: [file],
      namespace: namespace.name,
    });
    const what = `helm template north chart --values chart/${file}`;
    context.evidence(what, rendered.output);
    if (rendered.exitCode !== 0) {
      const said = firstLines(rendered.output);
      fail(`The chart does not render with \`${file}\`:\n${said}`, {
        expected: `\`${what}\` ends with 0`,
        actual: said,
      });
    }
    const manifests = new Map([["rendered.yaml", rendered.stdout]]);
    const objects = await parseManifests(kubernetes, "rendered", manifests);
    // A Pod, as tests are, is refused without its service account, which a dry run does not make.
    const accounts = objects.filter(({ kind }) => kind === "ServiceAccount");
    if (accounts.length > 0) await namespace.apply(listOf(accounts));
    const applied = await namespace.apply(manifests, "--dry-run=server");
    context.evidence(`kubectl apply --validate=strict of what ${file} renders`, applied.output);
    if (applied.exitCode !== 0) {
      const said = firstRefusals(applied.output);
      fail(`The API server does not take what the chart renders with \`${file}\`:\n${said}`, {
        expected: "kubectl apply --dry-run=server --validate=strict ends with 0",
        actual: said,
      });
    }
    const { workload } = workloadIn(objects, file);
    // Kubernetes' own default is one.
    const asked = workload.spec?.replicas ?? 1;
    if (asked !== replicas) {
      fail(`With \`${file}\` the chart asks for ${asked} pods, and the brief for ${replicas}.`, {
        expected: `${replicas} replicas`,
        actual: `${asked} replicas`,
      });
    }
  }
});

/** What no chart may take, with the key that the message has to name. */
const wrong: readonly (readonly [key: string, values: Values])[] = [
  ["replicaCount", { replicaCount: "two" }],
  ["speedLimitKmh", { speedLimitKmh: "fast" }],
  ["speedLimitKmh", { speedLimitKmh: 0 }],
  ["digest", { "image.digest": "latest" }],
  ["replicas", { replicas: 3 }],
  ["secretName", { "token.secretName": "trip-api-token" }],
];

check("refuses-wrong-values", {}, async ({ helm }, context) => {
  const chart = await chartDirectory({ helm }, context);
  for (const [key, values] of wrong) {
    const { exitCode, output } = await render({ helm }, chart, { values });
    const what = Object.entries(values)
      .map(([path, value]) => `${path}: ${JSON.stringify(value)}`)
      .join(", ");
    context.evidence(`helm template, with ${what}`, exitCode === 0 ? "It rendered." : output);
    if (exitCode === 0) {
      fail(`The chart took \`${what}\`, which is wrong.`, {
        expected: `Helm ends with an error that names ${key}`,
        actual: "it rendered",
      });
    }
    if (!output.includes(key)) {
      const said = firstLines(output);
      fail(`The chart refused \`${what}\`, and did not say which key is wrong:\n${said}`, {
        expected: `an error that names ${key}`,
        actual: said,
      });
    }
  }
});

check("takes-its-values", {}, async ({ helm }, context) => {
  const chart = await chartDirectory({ helm }, context);
  const repository = "mirror.fleet.example/apps/trip-api";
  const digest = `sha256:${context.seed.hex("digest", 64)}`;
  const tag = "1.6.2";
  const resources = {
    requests: { cpu: "70m", memory: "100Mi" },
    limits: { cpu: "700m", memory: "210Mi" },
  };
  const extraEnv = [
    { name: "FLEET_REGION", value: context.seed.hex("region", 8) },
    { name: "FLEET_NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ];
  const secret = `token-${context.seed.hex("secret", 8)}`;
  const values = {
    replicaCount: 4,
    "image.repository": repository,
    "token.existingSecret": secret,
    resources,
    extraEnv,
  };
  const byDigest = await renderWorkload({ helm }, context, chart, {
    ...values,
    "image.digest": digest,
    // As where the chart's defaults, or somebody before, have set it.
    "image.tag": tag,
    // The highest and the lowest that the brief has: a chart may refuse neither.
    speedLimitKmh: 300,
  });
  const byTag = await renderWorkload({ helm }, context, chart, {
    ...values,
    "image.tag": tag,
    speedLimitKmh: 1,
  });
  const { container } = byDigest;
  const digestImage = new RegExp(
    `^${RegExp.escape(repository)}(:${RegExp.escape(tag)})?@${digest}$`,
  );
  const variables: readonly unknown[] = container.env ?? [];
  const faults = [
    ...(byDigest.workload.spec?.replicas === 4
      ? []
      : [`replicaCount: 4 gave replicas: ${byDigest.workload.spec?.replicas}`]),
    // With or without the tag before it, which counts for nothing beside a digest.
    ...(digestImage.test(container.image ?? "")
      ? []
      : [`image.digest: ${digest}, beside image.tag: ${tag}, gave the image ${container.image}`]),
    ...(byTag.container.image === `${repository}:${tag}`
      ? []
      : [`image.tag: ${tag} gave the image ${byTag.container.image}`]),
    ...(isDeepStrictEqual(container.resources, resources)
      ? []
      : [`resources gave ${JSON.stringify(container.resources) ?? "none"}`]),
    ...(JSON.stringify(byTag.workload.spec?.template?.spec).includes(`"${secret}"`)
      ? []
      : [`token.existingSecret: ${secret} gave no reference to that Secret`]),
    ...extraEnv
      .filter((wanted) => !variables.some((variable) => isDeepStrictEqual(variable, wanted)))
      .map((wanted) => `extraEnv gave no variable ${JSON.stringify(wanted)}`),
  ];
  if (faults.length === 0) return;
  fail(`The chart does not do what its values say: ${faults[0]}.`, {
    expected:
      "replicaCount, image, token.existingSecret, resources and extraEnv stand in the Deployment as they were given",
    actual: faults.join("\n"),
  });
});

async function renderWorkload(
  { helm }: Services,
  context: CheckContext,
  chart: string,
  values: Values,
): Promise<{ workload: Manifest; container: Container }> {
  const { exitCode, output, stdout } = await render({ helm }, chart, { values });
  context.evidence(`helm template, with ${JSON.stringify(values)}`, output);
  if (exitCode !== 0) {
    const said = firstLines(output);
    fail(`The chart does not render with values that the brief has:\n${said}`, {
      expected: `it renders with ${JSON.stringify(values)}`,
      actual: said,
    });
  }
  const manifests = new Map([["rendered.yaml", stdout]]);
  return workloadIn(
    await parseManifests(helm.cluster.kubernetes, "values", manifests),
    "these values",
  );
}

/** A file for kubectl that has these objects. */
function listOf(items: readonly Manifest[]): Map<string, string> {
  return new Map([["list.json", JSON.stringify({ apiVersion: "v1", kind: "List", items })]]);
}

/** The Deployment or StatefulSet among the objects, and its container that runs trip-api. */
function workloadIn(
  objects: readonly Manifest[],
  when: string,
): { workload: Manifest; container: Container } {
  const kinds: readonly string[] = workloadKinds;
  const [workload, ...others] = objects.filter(({ kind }) => kinds.includes(kind));
  const containers = workload?.spec?.template?.spec?.containers ?? [];
  const own = containers.filter(({ image }) => image?.includes("trip-api"));
  // A container beside it may run a command of its own by the same image.
  const container = own.find(({ command }) => command === undefined) ?? own[0] ?? containers.at(-1);
  if (workload === undefined || others.length > 0 || container === undefined) {
    fail(
      `With ${when} the chart has to render one Deployment or StatefulSet, which runs trip-api.`,
      {
        expected: "one Deployment or one StatefulSet",
        actual: objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", "),
      },
    );
  }
  return { workload, container };
}
