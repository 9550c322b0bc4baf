import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { reportWith, temporaryDirectory } from "./fixtures.ts";
import {
  isPassed,
  progressOf,
  readLastReport,
  readProgress,
  recordGrading,
  recordHint,
  recordSubmission,
} from "./progress.ts";

const id = "01-docker";

describe("progress", () => {
  test("is empty before anything was done, and reading it writes nothing", async () => {
    const work = await temporaryDirectory();
    await rm(work, { recursive: true });
    expect(await readProgress(work)).toEqual({ version: 1, exercises: {} });
    await expect(readFile(work)).rejects.toThrow("ENOENT");
  });

  test("keeps the best score when a later grading is worse", async () => {
    const work = await temporaryDirectory();
    await recordGrading(reportWith({ a: "passed", b: "passed" }), "whole", work);
    await recordGrading(reportWith({ a: "passed", b: "failed" }), "whole", work);
    const progress = progressOf(await readProgress(work), id);
    expect(progress.best?.score).toEqual({ earned: 2, possible: 2 });
    expect(progress.last).toMatchObject({
      score: { earned: 1 },
      outcome: "failed",
      scope: "whole",
    });
    expect(isPassed(progress)).toBe(true);
  });

  test("a grading with --only becomes the last one, never the best", async () => {
    const work = await temporaryDirectory();
    await recordGrading(reportWith({ a: "passed" }), "part", work);
    const progress = progressOf(await readProgress(work), id);
    expect(progress.best).toBeNull();
    expect(progress.last).toMatchObject({ scope: "part", outcome: "passed" });
    expect(isPassed(progress)).toBe(false);
  });

  test("keeps the last report, hints once each and the submitted commit", async () => {
    const work = await temporaryDirectory();
    const report = reportWith({ a: "failed" });
    await recordGrading(report, "whole", work);
    await recordHint(id, "a · 1", work);
    await recordHint(id, "a · 1", work);
    await recordSubmission(id, "abc1234", work);
    expect(await readLastReport(id, work)).toEqual(report);
    expect(progressOf(await readProgress(work), id)).toMatchObject({
      hints: ["a · 1"],
      submitted: { commit: "abc1234" },
    });
  });

  test.each(["{ half", "[]", '{ "version": 1, "exercises": { "01-docker": 5 } }'])(
    "keeps a damaged file beside and says so: %s",
    async (text) => {
      const work = await temporaryDirectory();
      await recordHint(id, "a · 1", work);
      await writeFile(`${work}/.onramp/progress.json`, text);
      const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
      expect(await readProgress(work)).toEqual({ version: 1, exercises: {} });
      expect(said.mock.calls.join("")).toContain("progress.json.damaged");
      said.mockRestore();
      expect(await readFile(`${work}/.onramp/progress.json.damaged`, "utf8")).toBe(text);
    },
  );

  test("loses nothing when two processes write at once", async () => {
    const work = await temporaryDirectory();
    const module = fileURLToPath(new URL("progress.ts", import.meta.url));
    const script = `
      const { recordHint } = await import(process.argv[1]);
      for (let n = 0; n < 10; n += 1) await recordHint("01-docker", process.argv[3] + n, process.argv[2]);
    `;
    await Promise.all(
      ["left", "right"].map((name) =>
        execa(process.execPath, ["--input-type=module", "-e", script, module, work, name]),
      ),
    );
    expect(progressOf(await readProgress(work), id).hints).toHaveLength(20);
  });
});
