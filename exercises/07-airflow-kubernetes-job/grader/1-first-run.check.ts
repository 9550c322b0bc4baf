import { fail } from "@onramp/grading/check-failure";
import { holdsSecret } from "@onramp/testbed/kubernetes/secret-in-text";
import { containersOf } from "@onramp/testbed/kubernetes/pod-state";
import { eventually } from "@onramp/grading/eventually";
import { checkOfDag } from "./check.ts";
import { firstRun } from "./first-run.ts";
import { demandRights } from "./rights.ts";
import { demandPod, limitedParts, linesWith } from "./pod-spec.ts";

/** How long a pod that did well may still be there, in milliseconds: the brief gives the number. */
const cleanUpMs = 20_000;

checkOfDag("has-the-rights-that-it-needs", {}, async (score, context) => {
  await demandRights(score, context);
});

checkOfDag("triggers-a-pod", { withinMs: 180_000 }, async (score, context) => {
  const run = await firstRun(score, context);
  demandPod(run, score.jobImage);
});

checkOfDag("takes-an-empty-topic", { withinMs: 180_000 }, async (score, context) => {
  const { day, state } = await firstRun(score, context);
  if (state !== "success")
    fail(
      `The run of ${day} is to end well when the topic is empty: ${state === "failed" ? "it has failed" : `it was still ${state} after 60 s`}. Its tasks and their logs are below.`,
      {
        expected: "the job ends by itself when there is nothing to read",
        actual: `it is ${state}`,
      },
    );
  await score.demandRows(day, new Map(), "After a run over an empty topic");
});

checkOfDag("limits-the-pod", { withinMs: 180_000 }, async (score, context) => {
  const { pods } = await firstRun(score, context);
  if (pods.length === 0) fail("The run made no pod.", { expected: "a pod", actual: "none" });
  for (const { name, resources } of pods.flatMap((pod) => limitedParts(pod))) {
    for (const kind of ["requests", "limits"] as const) {
      for (const what of ["cpu", "memory"]) {
        const value = resources?.[kind]?.[what];
        // A request of 0 asks for nothing, and a limit of 0 is none.
        if (Number.parseFloat(value ?? "0") !== 0) continue;
        fail(`${name} has ${value === undefined ? "no" : `${value} as its`} ${kind} for ${what}.`, {
          expected: `resources.${kind}.${what}, above 0`,
          actual: `resources: ${JSON.stringify(resources ?? {})}`,
        });
      }
    }
  }
});

checkOfDag("hides-the-password", { withinMs: 180_000 }, async (score, context) => {
  const { pods, jobs, log } = await firstRun(score, context);
  if (pods.length === 0) fail("The run made no pod.", { expected: "a pod", actual: "none" });
  if (log.includes("the answer is longer than"))
    fail(
      "The task's log is too long for anybody to read: whether the password stands in it is unknown.",
      {
        expected: "a log of less than a megabyte",
        actual: log.slice(0, 200),
      },
    );
  const { password } = new URL(score.databaseUrl);
  const places: Readonly<Record<string, string>> = {
    "the pod's specification": JSON.stringify(pods, undefined, 2),
    "the Job's specification": JSON.stringify(jobs, undefined, 2),
    "the task's log": log,
  };
  for (const [place, text] of Object.entries(places)) {
    if (!holdsSecret(text, password)) continue;
    const lines = linesWith(text, password);
    const shown =
      lines.length === 0
        ? "It is written in base64, which everybody can read."
        : lines.map((line) => line.replaceAll(password, "••••••")).join("\n");
    context.evidence(`Where the password stands in ${place}`, shown);
    fail(`The password of the warehouse stands in ${place}, for everybody who may look there.`, {
      expected: "a reference to the Secret `warehouse`",
      actual: shown.trim().slice(0, 300),
    });
  }
});

checkOfDag("shows-the-log", { withinMs: 180_000 }, async (score, context) => {
  const { log, day } = await firstRun(score, context);
  if (/"drivers":\s*0\b/.test(log)) return;
  context.evidence("The log of the task, as Airflow shows it", log.slice(-4000));
  fail(
    `The task's log in Airflow has no line of the job with \`"drivers":0\`, and the run of ${day} wrote no row.`,
    {
      expected: "the last line of the job, a JSON object with `drivers`, in the task's log",
      actual: log.trim().split("\n").at(-1) ?? "an empty log",
    },
  );
});

checkOfDag("cleans-up-after-success", { withinMs: 200_000 }, async (score, context) => {
  const { day, pods, state } = await firstRun(score, context);
  if (pods.length === 0 || state !== "success")
    fail(`The run of ${day} did not do well, so that nothing can be cleaned up after it.`, {
      expected: "a pod that does well",
      actual: `the run's state is ${state}, and it had ${pods.length} pods`,
    });
  await eventually(
    `The pod of ${day}, which did well, is deleted`,
    async () => {
      const names = pods.map(({ metadata }) => metadata?.name);
      const left = (await score.namespace.pods()).filter(({ metadata }) =>
        names.includes(metadata?.name),
      );
      const words = left.map(
        (pod) => `${pod.metadata?.name} (${containersOf(pod)[0]?.state ?? "no container"})`,
      );
      return { done: left.length === 0, seen: `still there: ${words.join(", ")}` };
    },
    { withinMs: cleanUpMs, everyMs: 300, signal: context.signal },
  );
});
