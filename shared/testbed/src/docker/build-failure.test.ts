import { expect, test } from "vitest";
import { failedStep, outOfTime, unreadable } from "./build-failure.ts";
import { parseBuildLog } from "./build-log.ts";

const failure = (error: string, output = ""): string => {
  const [step] = parseBuildLog(`#1 [2/2] COPY dist ./dist\n${output}#1 ERROR: ${error}`);
  if (step === undefined) throw new Error("no step");
  return failedStep(step, "").message;
};

test("tells a command's exit code and its last three lines", () => {
  const output = ["one", "two", "three", "four"].map((line) => `#1 0.1 ${line}\n`).join("");
  expect(failure("executor failed running [/bin/sh -c x]: exit code: 2", output)).toBe(
    "The build failed at `[2/2] COPY dist ./dist`: the command ended with exit code 2\ntwo\nthree\nfour",
  );
});

test("says what 137 means", () => {
  expect(failure('process "/bin/sh -c x" did not complete successfully: exit code: 137')).toMatch(
    /exit code 137 \(it was killed, most often for want of memory\)$/,
  );
});

test.each([
  '"/dist" not found: not found',
  'failed to compute cache key: "/dist" not found: not found',
  'failed to calculate checksum of ref abc::def: "/dist": not found',
  'failed to compute cache key: failed to calculate checksum of ref abc::def: "/dist": not found',
])("says where a missing file is missing: %s", (error) => {
  expect(failure(error)).toBe(
    "The build failed at `[2/2] COPY dist ./dist`: `dist` is not in the build context. Either the project has no such file, or .dockerignore leaves it out",
  );
});

test("says that a file is missing in another stage", () => {
  const [step] = parseBuildLog(
    '#1 [2/2] COPY --from=build /app/dist ./dist\n#1 ERROR: failed to compute cache key: "/app/dist" not found: not found',
  );
  expect(step && failedStep(step, "").message).toBe(
    "The build failed at `[2/2] COPY --from=build /app/dist ./dist`: `/app/dist` is not in the image or stage that it is copied from",
  );
});

test("leaves out what the builder says of itself", () => {
  const log =
    "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUNN";
  expect(unreadable(log).message).toBe(
    "The build failed: dockerfile parse error line 2: unknown instruction: RUNN",
  );
});

test("names the limit as the brief does, and the step that did not end", () => {
  const steps = parseBuildLog("#1 [1/2] FROM x\n#1 DONE 0.1s\n#2 [2/2] RUN sleep 9\n");
  expect(outOfTime("", steps, 300_000).message).toBe(
    "The build was not over after 5 minutes, and was stopped at `[2/2] RUN sleep 9`.",
  );
});
