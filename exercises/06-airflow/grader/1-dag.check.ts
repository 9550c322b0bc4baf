import { readFile } from "node:fs/promises";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { watchFor } from "@onramp/grading/watch-for";
import { dagsOf } from "@onramp/testbed/airflow/deploy-dags";
import { shifted, startDate, yesterday } from "@onramp/testbed/driving-score/days";
import { check, checkOfDag } from "./check.ts";
import { dagId } from "./deployment.ts";
import type { DrivingScore } from "./driving-score.ts";

/** How many seconds of a processor a file may take more than an empty DAG. */
const importLimitS = 2;
/** How many seconds a file may wait for something: cold disks are slow. */
const waitingLimitS = 5;
const owner = "driving-score";
const mostActiveRuns = 8;

/** How a file was read where an empty DAG had been read before. */
interface ImportRun {
  readonly path: string;
  readonly processorSeconds: number;
  readonly waitingSeconds: number;
  /** Null when it was not over after its time. */
  readonly exitCode: number | null;
  /** Whether it was read to its end. */
  readonly isRead: boolean;
  /** What it raised, as Python's last line has it; empty when it raised nothing. */
  readonly exception: string;
  readonly output: string;
}

check("imports-cleanly", { withinMs: 300_000 }, async ({ drivingScore }, context) => {
  const dags = await dagsOf(context.job);
  const program = await readFile(new URL("./import-dags.py", import.meta.url), "utf8");
  const { stdout, stderr, exitCode } = await drivingScore.airflow.runBesideDags(
    program,
    dags,
    60_000,
  );
  if (exitCode !== 0) {
    context.evidence("What was written meanwhile", stderr === "" ? "(nothing)" : stderr);
    fail(
      "Running the files below dags/ one after the other did not end within 60 s, or ended Python itself.",
      {
        expected: "each file is read within seconds",
        actual:
          exitCode === undefined
            ? "not over after 60 s"
            : `Python was ended from within, with code ${exitCode}`,
      },
    );
  }
  const what = "with no network, no lake and no database";
  for (const file of importRunsIn(stdout)) {
    const name = file.path.replace("/opt/airflow/", "");
    if (!file.isRead || file.exitCode !== 0) {
      context.evidence(`What ${name} wrote`, file.output === "" ? "(nothing)" : file.output);
      const end = endOf(file);
      const raised = file.exception === "" ? "" : ` It raised ${file.exception}`;
      fail(`Reading ${name} ${end}, ${what}.${raised}`, {
        expected: "the file is read without an error",
        actual: end,
      });
    }
    const taken = [
      {
        seconds: file.processorSeconds,
        limit: importLimitS,
        of: "took",
        what: "of a processor",
      },
      {
        seconds: file.waitingSeconds,
        limit: waitingLimitS,
        of: "stood still for",
        what: "",
      },
    ];
    for (const { seconds, limit, of, what: unit } of taken) {
      if (seconds <= limit) continue;
      const more = `${seconds.toFixed(1)} s ${unit}`.trim();
      fail(
        `Reading ${name} ${of} ${more} more than reading an empty DAG, ${what}. Airflow reads the file every half minute.`,
        { expected: `at most ${limit} s ${unit} more`.replace("  ", " "), actual: more },
      );
    }
  }
  await drivingScore.deploy(context);
});

/** What our program says of its runs: the only one that has anything to say on the container's output. */
function importRunsIn(stdout: string): ImportRun[] {
  try {
    return JSON.parse(stdout) as ImportRun[];
  } catch (error) {
    fail(
      "A file below dags/ writes past its own output into that of process 1 (`/proc/1/fd/1`) while it is read.",
      {
        expected: "a file that is read touches nothing outside",
        actual: stdout.slice(0, 300),
        cause: error,
      },
    );
  }
}

checkOfDag("is-scheduled-daily", { withinMs: 120_000 }, async (score, context) => {
  const scheduled = async (): Promise<string[]> => {
    const runs = await score.airflow.runs.all(dagId);
    return runs
      .filter(({ run_type }) => run_type === "scheduled")
      .map((run) => `${instant(run.data_interval_start)} to ${instant(run.data_interval_end)}`);
  };
  const day = yesterday();
  const right = intervalOf(day);
  // Past midnight there is one more.
  const newer = intervalOf(shifted(day, 1));
  const seenOf = (runs: readonly string[]): string =>
    runs.length === 0
      ? "no run has come by itself"
      : `runs came for ${runs.slice(0, 5).join(", ")}`;
  await eventually(
    `The scheduler has made a run for yesterday, ${right}`,
    async () => {
      const runs = await scheduled();
      return { done: runs.includes(right), seen: seenOf(runs) };
    },
    { withinMs: 30_000, everyMs: 500, signal: context.signal },
  );
  const surplus = await watchFor(
    async () => {
      const others = (await scheduled()).filter((run) => run !== right && run !== newer);
      return { done: others.length > 0, seen: seenOf(others) };
    },
    { forMs: 4000, everyMs: 500, signal: context.signal },
  );
  if (surplus === undefined) return;
  fail(`The only run that is to come by itself is yesterday's (${right}), but ${surplus.seen}.`, {
    expected: `one run, for ${right}`,
    actual: surplus.seen,
  });
});

checkOfDag("has-the-limits", {}, async (score: DrivingScore) => {
  const details = await score.airflow.runs.details(dagId);
  const expected = {
    owner,
    start_date: `${startDate}T00:00:00Z`,
    max_active_runs: String(mostActiveRuns),
  };
  const seen = {
    owner: details?.owners.join(", ") ?? "none",
    start_date: instant(details?.start_date ?? null),
    max_active_runs: String(details?.max_active_runs),
  };
  for (const [name, value] of Object.entries(expected)) {
    const actual = seen[name as keyof typeof seen];
    if (actual === value) continue;
    fail(`The ticket asks for the ${name} ${value}; the DAG has ${actual}.`, {
      expected: `${name} ${value}`,
      actual: `${name} ${actual}`,
    });
  }
});

function endOf({ exitCode }: ImportRun): string {
  if (exitCode === null) return "was not over after 20 s";
  if (exitCode === 0) return "ended Python itself (with code 0)";
  if (exitCode === -9) return "was ended by SIGKILL, as what takes more than 1 GiB of memory is";
  return `ended with code ${exitCode}`;
}

function intervalOf(day: string): string {
  return `${day}T00:00:00Z to ${shifted(day, 1)}T00:00:00Z`;
}

/** An instant as text without a fraction, in UTC. */
function instant(text: string | null): string {
  return text === null ? "none" : new Date(text).toISOString().replace(".000", "");
}
