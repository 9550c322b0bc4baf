import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@onramp/engine/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clusterImageMs,
  gradingJob,
  leftAfter30s,
  readyEngine,
} from "../docker/engine-fixtures.ts";
import { type HelmService, startHelm } from "./helm-service.ts";

const gradingId = randomBytes(4).toString("hex");
let scratchDirectory: string;
let engine: Engine;
let helm: HelmService;

beforeAll(async () => {
  engine = await readyEngine("kubernetes", "helm");
  scratchDirectory = await mkdtemp(join(tmpdir(), "onramp-helm-"));
  helm = await startHelm({
    ...gradingJob(gradingId),
    exerciseDirectory: join(import.meta.dirname, "../../../../exercises/03-helm"),
    scratchDirectory,
  });
}, clusterImageMs);

afterAll(async () => {
  await helm[Symbol.asyncDispose]();
  await rm(scratchDirectory, { recursive: true });
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

/** A chart of one template, in a directory of its own. */
async function chartOf(name: string, template: string): Promise<string> {
  const chart = `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;
  const files = { "Chart.yaml": chart, "templates/all.yaml": template };
  return helm.copyIn(name, new Map(Object.entries(files)));
}

test("a chart is installed as the namespace's user, who may do there what a team may", async () => {
  const { kubernetes } = helm.cluster;
  await using namespace = await kubernetes.createNamespace({
    name: "charts",
    podSecurity: "restricted",
  });
  const settings = await chartOf(
    "settings",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: of-{{ .Release.Name }} }\n",
  );
  expect(await helm.run(["install", "north", settings], namespace)).toMatchObject({ exitCode: 0 });
  const list = await namespace.kubectl(["get", "configmap/of-north", "--output=name"]);
  expect(list.output).toBe("configmap/of-north");
  const role = await chartOf(
    "role",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: all }\n",
  );
  const refused = await helm.run(["install", "south", role], namespace);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain('User "hire" cannot');
});

test("a chart that renders without end is ended, and the next one is rendered", async () => {
  const bomb = await chartOf(
    "bomb",
    '{{- define "twice" }}{{ $text := print . . }}{{ include "twice" $text }}{{ end }}{{ include "twice" "a word" }}',
  );
  const ended = await helm.run(["template", "north", bomb]);
  expect(ended.exitCode).not.toBe(0);
  const well = await chartOf("well", "apiVersion: v1\nkind: Secret\nmetadata: { name: well }\n");
  expect(await helm.run(["template", "north", well])).toMatchObject({ exitCode: 0 });
}, 200_000);
