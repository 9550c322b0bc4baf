import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { containersOf, type Pod } from "@onramp/testbed/kubernetes/pod-state";
import { check, onDeployed, readObjects } from "../deployed.ts";
import { limitFaults } from "../limits.ts";

check(
  "limits-what-it-takes",
  { withinMs: 200_000, concurrent: true },
  async ({ cluster }, context) => {
    const faults = limitFaults(await readObjects({ cluster }, context));
    if (faults.length > 0) {
      fail(`What your pods may take is not limited: ${faults.join(", ")}.`, {
        expected: "requests and limits for cpu and memory, and at most 512Mi of memory",
        actual: faults.join("\n"),
      });
    }
    const options = { purpose: "leak", variables: { TRIP_API_DEBUG: "1" } };
    await onDeployed({ cluster }, context, options, async (deployed) => {
      const [leaking, ...others] = await deployed.workload.pods();
      if (leaking === undefined) throw new Error("A workload that is ready has no pod.");
      await deployed.tell(leaking, "leak");
      await eventually(
        "A pod that leaks is ended by its memory limit, and restarted in its place",
        async () => {
          const ends = endsOf(leaking, await deployed.workload.pods());
          return { done: ends?.includes("OOMKilled") ?? false, seen: ends ?? "the pod is gone" };
        },
        {
          withinMs: 60_000,
          everyMs: 300,
          signal: context.signal,
          hasDied: async () =>
            endsOf(leaking, await deployed.workload.pods()) === undefined
              ? `${leaking.metadata?.name} is gone`
              : undefined,
        },
      );
      const now = await deployed.workload.pods();
      const ended = others
        .map((pod) => `${pod.metadata?.name}: ${endsOf(pod, now) ?? "the pod is gone"}`)
        .filter((seen) => !seen.endsWith(noEnd));
      if (ended.length === 0) return;
      fail(`When one pod leaked, another was ended too: ${ended.join("; ")}.`, {
        expected: "the pod that leaks is ended alone",
        actual: ended.join("\n"),
      });
    });
  },
);

const noEnd = "no restart";

/** How the containers of a pod have ended so far; undefined when the pod is gone. */
function endsOf(pod: Pod, pods: readonly Pod[]): string | undefined {
  const now = pods.find(({ metadata }) => metadata?.uid === pod.metadata?.uid);
  if (now === undefined) return undefined;
  const ends = containersOf(now)
    .filter(({ restarts }) => restarts > 0)
    .map(
      ({ name, restarts, lastEnd }) => `${name} ${restarts} restarts, ${lastEnd ?? "no reason"}`,
    );
  return ends.join("; ") || noEnd;
}
