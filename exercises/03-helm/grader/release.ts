// What most checks stand on: a release of the chart, in a namespace of its own.
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { type Namespace, withEvidence } from "@onramp/testbed/kubernetes/namespace";
import type { CommandResult } from "@onramp/testbed/docker/tool-container";
import { Workload, type WorkloadName } from "@onramp/testbed/kubernetes/workload";
import { DeployedTripApi } from "@onramp/testbed/trip-api/deployed-trip-api";
import { firstLines } from "@onramp/testbed/kubernetes/what-was-said";
import { createTeamNamespace } from "@onramp/testbed/trip-api/team-namespace";
import { chartDirectory, releaseName, type Services, valueArgs, type Values } from "./chart.ts";

/** What the grader sets in most checks: one pod that asks for little, since many of them run on one node here. */
const small: Values = {
  replicaCount: 1,
  resources: {
    requests: { cpu: "10m", memory: "16Mi" },
    limits: { cpu: "1", memory: "192Mi" },
  },
};

/** A release of the submission's chart. */
export class Release {
  readonly namespace: Namespace;
  readonly name: string;
  readonly #services: Services;
  readonly #context: CheckContext;
  readonly #chart: string;

  constructor(
    parts: { readonly namespace: Namespace; readonly name: string; readonly chart: string },
    services: Services,
    context: CheckContext,
  ) {
    this.namespace = parts.namespace;
    this.name = parts.name;
    this.#chart = parts.chart;
    this.#services = services;
    this.#context = context;
  }

  /** Runs `helm` in the namespace, and keeps what it says. */
  async helm(...args: string[]): Promise<CommandResult> {
    const result = await this.#services.helm.run(args, this.namespace);
    const what = args.map((arg) => (arg === this.#chart ? "chart" : arg)).join(" ");
    this.#context.evidence(`helm ${what}`, `${result.output}\n(exit code ${result.exitCode})`);
    return result;
  }

  /** Installs the chart; with its own values alone where none are given. */
  async install(values?: Values): Promise<CommandResult> {
    const result = await this.helm("install", this.name, this.#chart, ...besides(values));
    return this.#demand(result, `helm install ${this.name} chart`);
  }

  /** Upgrades the release to these values. */
  async upgrade(values?: Values): Promise<CommandResult> {
    const result = await this.tryUpgrade(values);
    return this.#demand(result, `helm upgrade ${this.name} chart`);
  }

  /** Upgrades the release, whatever comes of it. */
  async tryUpgrade(values: Values | undefined, ...options: string[]): Promise<CommandResult> {
    return this.helm("upgrade", this.name, this.#chart, ...besides(values), ...options);
  }

  #demand(result: CommandResult, what: string): CommandResult {
    if (result.exitCode === 0) return result;
    const said = firstLines(result.output);
    fail(`\`${what}\` failed:\n${said}`, { expected: `\`${what}\` ends with 0`, actual: said });
  }

  /** trip-api as the release runs it, by the labels of the brief. */
  async deployed(): Promise<DeployedTripApi> {
    const { cluster } = this.#services.helm;
    const { namespace } = this;
    const workload = new Workload(await this.#findWorkload(), namespace, cluster.kubernetes.apis);
    const service = await this.#findService();
    return new DeployedTripApi({ namespace, workload, cluster, service }, this.#context);
  }

  /** trip-api as the release runs it, when it is ready and answers. */
  async serving(when: string): Promise<DeployedTripApi> {
    const deployed = await this.deployed();
    await deployed.untilReady(when);
    await deployed.untilItAnswers();
    return deployed;
  }

  get #selector(): { namespace: string; labelSelector: string } {
    return {
      namespace: this.namespace.name,
      labelSelector: `app.kubernetes.io/instance=${this.name}`,
    };
  }

  async #findWorkload(): Promise<WorkloadName> {
    const { apps } = this.#services.helm.cluster.kubernetes.apis;
    const [deployments, sets] = await Promise.all([
      apps.listNamespacedDeployment(this.#selector),
      apps.listNamespacedStatefulSet(this.#selector),
    ]);
    const found: WorkloadName[] = [
      ...deployments.items.map(({ metadata }) => ({
        kind: "Deployment" as const,
        name: metadata?.name ?? "",
      })),
      ...sets.items.map(({ metadata }) => ({
        kind: "StatefulSet" as const,
        name: metadata?.name ?? "",
      })),
    ];
    return this.#only(found, "Deployment or StatefulSet");
  }

  /** One without an address of its own, as a StatefulSet has it, is not the one that others ask. */
  async #findService(): Promise<string> {
    const { core } = this.#services.helm.cluster.kubernetes.apis;
    const { items } = await core.listNamespacedService(this.#selector);
    const found = items
      .filter(({ spec }) => spec?.clusterIP !== "None")
      .map(({ metadata }) => ({ kind: "Service", name: metadata?.name ?? "" }));
    return this.#only(found, "Service").name;
  }

  #only<Found extends { readonly kind: string; readonly name: string }>(
    found: readonly Found[],
    what: string,
  ): Found {
    const [first, ...others] = found;
    if (first !== undefined && others.length === 0) return first;
    const label = `app.kubernetes.io/instance: ${this.name}`;
    const seen = found.map(({ kind, name }) => `${kind} ${name}`).join(", ") || "none";
    fail(`The release has to have one ${what} with the label \`${label}\`, and has ${seen}.`, {
      expected: `one ${what} with the label ${label}`,
      actual: seen,
    });
  }
}

/** The grader's own values, where any are given, and these over them. */
function besides(values: Values | undefined): string[] {
  return values === undefined ? [] : valueArgs({ ...small, ...values });
}

/** Makes a namespace as the team has them: with the platform's Secret, and the restricted standard enforced. */
export async function makeNamespace(
  { helm }: Services,
  context: CheckContext,
  purpose: string,
): Promise<Namespace> {
  return createTeamNamespace(helm.cluster.kubernetes, context.job, {
    purpose,
    podSecurity: "restricted",
    token: platformToken(context),
  });
}

/** The token in the platform's Secret. */
export function platformToken({ seed }: CheckContext): string {
  return seed.hex("the platform's token", 32);
}

/** A release of the chart that is not installed yet, in a namespace of its own, which goes at the end. */
export async function withRelease<Result>(
  services: Services,
  context: CheckContext,
  purpose: string,
  look: (release: Release) => Promise<Result>,
): Promise<Result> {
  const chart = await chartDirectory(services, context);
  await using namespace = await makeNamespace(services, context, purpose);
  const release = new Release({ namespace, name: releaseName, chart }, services, context);
  return await withEvidence(namespace, context.evidence, async () => look(release));
}
