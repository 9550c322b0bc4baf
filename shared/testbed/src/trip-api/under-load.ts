import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { Load, LoadReport } from "../kubernetes/cluster-client.ts";
import { describePod } from "../kubernetes/pod-state.ts";
import type { DeployedTripApi } from "./deployed-trip-api.ts";

/** Demands that every request is answered by 200, from before a change until after it. */
export async function underLoad(
  deployed: DeployedTripApi,
  context: CheckContext,
  when: string,
  change: (load: Load) => Promise<void>,
): Promise<void> {
  await using load = await deployed.startLoad();
  // The load is there, and so are its answers: losses would be seen.
  await eventually(
    "Requests are answered before the change",
    async () => {
      const { answers } = await load.look();
      const count = Object.values(answers).reduce((sum, each) => sum + each, 0);
      return { done: count >= 20, seen: `${count} answers` };
    },
    { withinMs: 60_000, signal: context.signal },
  );
  const changedAt = Date.now();
  await change(load);
  const report = await load.stop();
  const losses = lossesOf(report, changedAt);
  const answers = Object.entries(report.answers).map(([pod, count]) => `${pod}: ${count}`);
  context.evidence("Answers by pod", answers.join("\n"));
  if (losses === undefined) return;
  context.evidence(`Requests that failed, and when, from the change on`, losses.table);
  const pods = await deployed.namespace.pods();
  context.evidence("The pods", pods.map((pod) => describePod(pod)).join("\n"));
  fail(`${when} ${losses.message}.`, {
    expected: "every request is answered by 200, from before the change until after it",
    actual: losses.message,
  });
}

/** What went wrong in a load, in a sentence; undefined when every request got its answer. */
function lossesOf(
  { asked, failures }: LoadReport,
  changedAt: number,
): { message: string; table: string } | undefined {
  if (failures.length === 0) return undefined;
  const reasons = Map.groupBy(failures, ({ reason }) => reason);
  const counts = Array.from(reasons, ([reason, of]) => `${of.length} times ${reason}`);
  const [first] = failures;
  const after = (((first?.at ?? changedAt) - changedAt) / 1000).toFixed(1);
  return {
    message: `${failures.length} of ${asked} requests were not answered by 200 (${counts.join(", ")}), the first ${after} s after the change`,
    table: failures
      .slice(0, 50)
      .map(({ at, pod, reason }) => `+${((at - changedAt) / 1000).toFixed(2)} s  ${pod}  ${reason}`)
      .join("\n"),
  };
}
