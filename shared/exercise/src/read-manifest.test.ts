import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exerciseManifest } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";

const good = `id: 01-docker
title: Pack it
minutes: 120
editable: [Dockerfile]
matrixMinutes: 6
checks:
  - { id: builds, title: Builds, points: 2 }
`;

async function read(text: string): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), "onramp-manifest-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "exercise.yaml");
  await writeFile(file, text);
  return await readManifest(file, exerciseManifest);
}

test("fills in what may be left out", async () => {
  expect(await read(good)).toMatchObject({
    after: [],
    limits: { files: 50, bytes: 1_000_000 },
    checks: [{ id: "builds", after: [] }],
  });
});

test.each([
  [`${good}edditable: [x]\n`, "there is no key `edditable`. Did you mean `editable`?"],
  [
    good.replace("points: 2", "point: 2, points: 2"),
    "checks.0: there is no key `point`. Did you mean `points`?",
  ],
  [`${good}limits: { file: 3 }\n`, "limits: there is no key `file`. Did you mean `files`?"],
  [`${good}somethingElse: 1\n`, "there is no key `somethingElse`. Known keys: id, title, minutes"],
  [good.replace("minutes: 120", "minutes: soon"), "minutes: Invalid input"],
])("names what is wrong, and the nearest known key", async (text, problem) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "MANIFEST_INVALID",
    message: expect.stringContaining(problem),
  });
});

test("says when it is no YAML at all", async () => {
  await expect(read("id: [")).rejects.toMatchObject({
    code: "MANIFEST_INVALID",
    message: expect.stringContaining("is not YAML"),
  });
});
