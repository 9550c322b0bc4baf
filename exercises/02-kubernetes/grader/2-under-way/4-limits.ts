import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { containersOf } from "@onramp/testbed/kubernetes/pod-state";
import { check, onDeployed } from "../deployed.ts";
import { standing } from "../standing.ts";

/** The most that a pod of trip-api may take, in bytes: the brief's 512 MiB. */
const mostBytes = 512 * 1024 ** 2;

check(
  "limits-what-it-takes",
  { withinMs: 200_000, concurrent: true },
  async ({ cluster }, context) => {
    // As the files have it: what the server fills in (a limit alone is a request too) is in the pod.
    const asked = await (await standing({ cluster }, context)).workload.somePod();
    const containers = asked.spec?.containers ?? [];
    const missing = containers.flatMap(({ name, resources }) =>
      (["requests", "limits"] as const).flatMap((kind) =>
        ["cpu", "memory"]
          .filter((what) => resources?.[kind]?.[what] === undefined)
          .map((what) => `${name} has no resources.${kind}.${what}`),
      ),
    );
    const tooMuch = containers.flatMap(({ name, resources }) => {
      const limit = resources?.limits?.["memory"];
      return limit !== undefined && bytesOf(limit) > mostBytes
        ? [`${name} may take ${limit} of memory`]
        : [];
    });
    const faults = [...missing, ...tooMuch];
    if (faults.length > 0) {
      fail(`What trip-api may take is not limited: ${faults.join(", ")}.`, {
        expected: "requests and limits for cpu and memory, and at most 512Mi of memory",
        actual: faults.join("\n"),
      });
    }
    const options = { purpose: "leak", variables: { TRIP_API_DEBUG: "1" } };
    await onDeployed({ cluster }, context, options, async (deployed) => {
      const pod = await deployed.workload.somePod();
      await deployed.tell(pod, "leak");
      const restarts = async (): Promise<Map<string, string>> =>
        new Map(
          (await deployed.workload.pods()).map((each) => [
            each.metadata?.name ?? "",
            containersOf(each)
              .map(
                ({ restarts: count, lastEnd }) =>
                  `${count} restarts${lastEnd ? `, ${lastEnd}` : ""}`,
              )
              .join("; "),
          ]),
        );
      const name = pod.metadata?.name ?? "";
      await eventually(
        "A pod that leaks is ended by its memory limit",
        async () => {
          const seen = (await restarts()).get(name) ?? "the pod is gone";
          return { done: seen.includes("OOMKilled"), seen };
        },
        { withinMs: 60_000, everyMs: 300, signal: context.signal },
      );
      const others = [...(await restarts())].filter(
        ([other, seen]) => other !== name && !seen.startsWith("0 restarts"),
      );
      if (others.length === 0) return;
      fail(`When one pod leaked, another was ended too: ${others.join("; ")}.`, {
        expected: "the pod that leaks is ended alone",
        actual: others.join("\n"),
      });
    });
  },
);

/** What a quantity of memory means, in bytes. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function bytesOf(quantity: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].indexOf(unit);
  if (binary !== -1) return Number(number) * 1024 ** binary;
  return Number(number) * 1000 ** (["m", "", "k", "M", "G", "T", "P", "E"].indexOf(unit) - 1);
}
