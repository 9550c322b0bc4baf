import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@onramp/engine/engine";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { ensureImages } from "./ensure-images.ts";
import { imageLabels, imageStates, inspectImage } from "./image-states.ts";
import { loadImages, saveImages } from "./save-images.ts";

const onProgress = (): void => undefined;
let engine: Engine;

beforeAll(async () => {
  engine = await ensureEngine({ onProgress, isInteractive: false });
  await ensureImages(["ryuk"], { engine, onProgress });
});

test("leaves alone what is there and current", async () => {
  const before = await imageStates(engine);
  const lines: string[] = [];
  const states = await ensureImages(["ryuk", "node"], {
    engine,
    onProgress: (line) => lines.push(line),
  });
  expect(states.map(({ name, state }) => [name, state])).toEqual([
    ["ryuk", "present"],
    ["node", "present"],
  ]);
  expect(lines).toEqual([]);
  expect(await imageStates(engine)).toEqual(before);
});

test("builds under a public name on somebody else's engine only when somebody agrees", async () => {
  const others: Engine = { ...engine, isOurs: false };
  const questions: string[] = [];
  const consent = async (question: string): Promise<boolean> => {
    questions.push(question);
    return await Promise.resolve(false);
  };
  const agreement = process.env["ONRAMP_IMAGES"];
  delete process.env["ONRAMP_IMAGES"];
  onTestFinished(() => {
    if (agreement !== undefined) process.env["ONRAMP_IMAGES"] = agreement;
  });
  const refused = { code: "IMAGE_CONSENT" };
  await expect(
    ensureImages(["ryuk"], { engine: others, onProgress, rebuild: true }),
  ).rejects.toMatchObject(refused);
  await expect(
    ensureImages(["ryuk"], { engine: others, onProgress, rebuild: true, consent }),
  ).rejects.toMatchObject(refused);
  expect(questions).toEqual([expect.stringContaining("testcontainers/ryuk:0.14.0")]);
});

test("an image is stale on the engine that built it once the host's settings change, and nowhere else", async () => {
  const labels = (await inspectImage("testcontainers/ryuk:0.14.0", engine))?.labels ?? {};
  if (!(imageLabels.recipe in labels)) return;
  expect(labels[imageLabels.builtOn]).toBeTruthy();
  const elsewhere = await imageStates({ ...engine, id: "another" });
  expect(elsewhere.find(({ name }) => name === "ryuk")?.state).toBe("present");
});

test("saves every image that is there, and loads them as they were", async () => {
  const folder = await mkdtemp(join(tmpdir(), "onramp-save-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const file = join(folder, "images of the team.tar");
  const before = await imageStates(engine);
  const saved = await saveImages(file, { engine, onProgress });
  expect(saved.map(({ name }) => name)).toEqual(expect.arrayContaining(["ryuk"]));
  expect((await stat(file)).size).toBeGreaterThan(1_000_000);
  expect(await loadImages(file, { engine, onProgress })).toEqual(before);
});

test("says why an archive cannot be read", async () => {
  await expect(loadImages("/nowhere/images.tar", { engine })).rejects.toMatchObject({
    code: "IMAGE_UNAVAILABLE",
    message: expect.stringContaining("/nowhere/images.tar"),
  });
});
