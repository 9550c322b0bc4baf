import type { V1PodStatus } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { describePod } from "./pod-state.ts";

const status = { name: "a", image: "a", imageID: "", ready: false, restartCount: 0 };
const running = { ...status, state: { running: {} } };

test("what a pod waits for is said, and which probe it is", () => {
  const cases: [V1PodStatus, string][] = [
    [{ containerStatuses: [{ ...running, started: false }] }, "startup probe has not passed"],
    [{ containerStatuses: [{ ...running, started: true }] }, "readiness probe has not passed"],
    [{ initContainerStatuses: [{ ...running, started: false }] }, "the others wait for it"],
    [
      {
        containerStatuses: [
          {
            ...running,
            started: true,
            restartCount: 1,
            lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
          },
        ],
      },
      "restarted once, the last time after OOMKilled, exit code 137",
    ],
  ];
  for (const [podStatus, said] of cases)
    expect(describePod({ metadata: { name: "pod" }, status: podStatus })).toContain(said);
});
