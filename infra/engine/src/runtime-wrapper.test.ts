import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { runtimeWrapper } from "./runtime-wrapper.ts";

async function run(content: string, options: (file: string) => string[], name: string) {
  const folder = await mkdtemp(join(tmpdir(), "onramp-runtime-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const wrapper = join(folder, "runtime");
  await writeFile(wrapper, runtimeWrapper("/bin/echo", ["CAP_SYS_RESOURCE", "CAP_BPF"]), {
    mode: 0o755,
  });
  const file = join(folder, name);
  await writeFile(file, content);
  const { stdout } = await execa(wrapper, options(file));
  return { stdout, content: await readFile(file, "utf8"), file, folder };
}

test("takes withheld capabilities out of a bundle, wherever they stand in the list", async () => {
  const content = '{"bounding":["CAP_SYS_RESOURCE","CAP_CHOWN","CAP_BPF"],"ambient":["CAP_BPF"]}';
  const outcome = await run(
    content,
    (file) => ["create", "--bundle", join(file, ".."), "id"],
    "config.json",
  );
  expect(JSON.parse(outcome.content)).toEqual({ bounding: ["CAP_CHOWN"], ambient: [] });
});

test("takes them out of the file behind exec --process, indented or not", async () => {
  const content = JSON.stringify(
    { capabilities: { effective: ["CAP_KILL", "CAP_SYS_RESOURCE"] } },
    undefined,
    2,
  );
  const outcome = await run(content, (file) => ["exec", "--process", file, "id"], "process.json");
  expect(JSON.parse(outcome.content)).toEqual({ capabilities: { effective: ["CAP_KILL"] } });
  expect(outcome.stdout).toBe(`exec --process ${outcome.file} id`);
});
