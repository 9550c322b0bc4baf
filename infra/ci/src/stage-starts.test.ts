import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const exercises = join(import.meta.dirname, "../../../exercises");

async function filesIn(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).toSorted();
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), "utf8")]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

test("stage 03 starts from the objects of the reference answer to stage 02", async () => {
  expect(await filesIn(join(exercises, "03-helm/starter/manifests"))).toEqual(
    await filesIn(join(exercises, "02-kubernetes/solution/manifests")),
  );
});
