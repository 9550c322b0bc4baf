import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterImageMs, gradingJob, readyEngine } from "../docker/engine-fixtures.ts";
import { type KubernetesService, startKubernetes } from "./kubernetes-service.ts";
import type { Namespace } from "./namespace.ts";

let cluster: KubernetesService;

beforeAll(async () => {
  await readyEngine("kubernetes");
  cluster = await startKubernetes(gradingJob(randomBytes(4).toString("hex")));
}, clusterImageMs);

afterAll(async () => cluster[Symbol.asyncDispose]());

async function apply(namespace: Namespace, text: string): ReturnType<Namespace["apply"]> {
  return namespace.apply(new Map([["objects.yaml", text]]));
}

const pod = (spec: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: hell }
spec: ${spec}
`;
const container = `containers: [{ name: a, image: a }]`;
const configMaps = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: a${index} } }`,
  ).join("\n---\n");
const cases: readonly (readonly [string, string, RegExp])[] = [
  [
    "a host mount",
    pod(`{ volumes: [{ name: host, hostPath: { path: / } }], ${container} }`),
    /violates PodSecurity.*hostPath/,
  ],
  [
    "a privileged container",
    pod(`{ containers: [{ name: a, image: a, securityContext: { privileged: true } }] }`),
    /violates PodSecurity.*privileged/,
  ],
  ["the host's network", pod(`{ hostNetwork: true, ${container} }`), /violates PodSecurity.*host/],
  [
    "a custom resource definition",
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: hells.example.com }
spec: { group: example.com, scope: Cluster, names: { plural: hells, kind: Hell }, versions: [] }
`,
    /customresourcedefinitions.* is forbidden: User "hire"/,
  ],
  [
    "a webhook that blocks the API",
    `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hell }
webhooks: []
`,
    /validatingwebhookconfigurations.* is forbidden: User "hire"/,
  ],
  [
    "a role of its own",
    `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: hell }
roleRef: { kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io }
subjects: [{ kind: User, name: hire, apiGroup: rbac.authorization.k8s.io }]
`,
    /rolebindings.* is forbidden: User "hire"/,
  ],
  [
    "an object of another namespace",
    `apiVersion: v1
kind: ConfigMap
metadata: { name: hell, namespace: kube-system }
`,
    /does not match the namespace/,
  ],
  [
    "the address of another",
    `apiVersion: v1
kind: Service
metadata: { name: hell }
spec: { externalIPs: [172.17.0.2], ports: [{ port: 80 }] }
`,
    /may have no externalIPs/,
  ],
  [
    "a YAML bomb",
    `a: &a [x, x, x, x, x, x, x, x, x]
${"bcdefghi"
  .split("")
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`)
  .join("\n")}
kind: ConfigMap
apiVersion: v1
metadata: { name: hell }
`,
    /excessive aliasing/,
  ],
  [
    "a long text that aliases make 370 MB of",
    // Beside some plain values, so that no count of aliases stops it.
    `a: &a ${"x".repeat(34_000)}
b: [${"x,".repeat(300)}${"*a,".repeat(11_000)}]
kind: ConfigMap
apiVersion: v1
metadata: { name: hell }
`,
    /^It ended with exit code \d+: what it was given took more memory than it may have/,
  ],
  ["a thousand objects", configMaps(1000), /exceeded quota: team/],
  ["50,000 objects", configMaps(50_000), /exceeded quota: team|was not over after 60 s/],
];

test.each(cases)("%s is refused with a message", async (_, text, message) => {
  const name = `hell-${randomBytes(4).toString("hex")}`;
  await using namespace = await cluster.createNamespace({ name, podSecurity: "baseline" });
  const { exitCode, output } = await apply(namespace, text);
  expect(output).toMatch(message);
  expect(exitCode).not.toBe(0);
  expect(await cluster.diagnose()).toBeUndefined();
});

test("a finalizer that never ends holds nobody", async () => {
  const namespace = await cluster.createNamespace({ name: "final", podSecurity: "baseline" });
  const finalizer = `
apiVersion: v1
kind: ConfigMap
metadata: { name: hell, finalizers: [example.com/never] }
`;
  expect(await apply(namespace, finalizer)).toMatchObject({ exitCode: 0 });
  const before = performance.now();
  await namespace[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeLessThan(5000);
});
