import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodesOf } from "./run-summary.ts";

test("reads exit codes, and leaves out a task that never ran", async () => {
  const directory = await mkdtemp(join(tmpdir(), "onramp-summary-"));
  try {
    const tasks = [
      { taskId: "//#lint", execution: { startTime: 1, endTime: 2, exitCode: 0 } },
      { taskId: "//#types", execution: { startTime: 1, endTime: 2, exitCode: 2 } },
      { taskId: "//#arrows", execution: { startTime: 1, endTime: 2, exitCode: null } },
      { taskId: "//#test:unit" },
    ];
    await writeFile(join(directory, "a.json"), JSON.stringify({ tasks }));
    expect(await exitCodesOf(directory)).toEqual(
      new Map([
        ["//#lint", 0],
        ["//#types", 2],
      ]),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
  expect(await exitCodesOf(directory)).toEqual(new Map());
});
