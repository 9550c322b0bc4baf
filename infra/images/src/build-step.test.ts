import { expect, test } from "vitest";
import { buildStep } from "./build-step.ts";

test.each([
  ["#5 [2/5] COPY npm /usr/local/lib/node_modules/npm", "step 2/5"],
  ["#12 [build 3/4] RUN pip install", "step 3/4"],
  ["#7 [stage-1 1/3] COPY --from=build", "step 1/3"],
  ["#5 0.321 [2/5] is what the program printed", undefined],
  ["#1 [internal] load build definition from Dockerfile", undefined],
])("%s", (line, expected) => expect(buildStep(line)).toBe(expected));
