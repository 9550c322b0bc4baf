import { expect, test } from "vitest";
import type { CheckContext } from "./check.ts";
import { CheckFailure, fail } from "./check-failure.ts";
import { recordEvidence } from "./evidence.ts";
import { seedFrom } from "./seed.ts";
import { sharedRun } from "./shared-run.ts";

function context(signal = new AbortController().signal) {
  const { record, collected } = recordEvidence();
  const job = { checks: [], seed: "1", keep: false, gradingId: "0", sharedServices: {} };
  const directories = { exerciseDirectory: "", projectDirectory: "", scratchDirectory: "" };
  const given: CheckContext = {
    job: { ...job, ...directories },
    seed: seedFrom("1"),
    evidence: record,
    signal,
  };
  return { given, collected };
}

test("runs once, and every check gets the result with the evidence", async () => {
  let runs = 0;
  const run = sharedRun(async (_services: null, { evidence, signal }) => {
    evidence("log", `run ${(runs += 1)}`);
    return signal;
  });
  const [first, second] = [context(AbortSignal.abort()), context()];
  const signals = await Promise.all([run(null, first.given), run(null, second.given)]);
  expect(runs).toBe(1);
  expect(first.collected).toEqual([{ title: "log", text: "run 1", truncated: false }]);
  expect(second.collected).toEqual(first.collected);
  // The end of the check that began it is not the end of the run.
  expect(signals[1]?.aborted).toBe(false);
});

test("a run that fails fails every check, each with the evidence", async () => {
  const run = sharedRun(async (_services: null, { evidence }) => {
    evidence("log", "no broker");
    fail("The program ended.");
  });
  for (const { given, collected } of [context(), context()]) {
    await expect(run(null, given)).rejects.toBeInstanceOf(CheckFailure);
    expect(collected).toHaveLength(1);
  }
});
