import { randomBytes } from "node:crypto";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { expect, test } from "vitest";
import { gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { gradingLabel } from "../docker/labels.ts";
import { endOf, untilThere } from "./airflow-fixtures.ts";
import { startAirflow } from "./airflow-service.ts";

/** A task that takes all the memory that it gets, and one that starts processes for as long as it gets any. */
const greedy = `
import os
from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="hoards", schedule=None, start_date=datetime(2026, 1, 1))
def hoards():
    @task
    def hoard():
        kept = []
        while True:
            kept.append(bytearray(b"x" * 50_000_000))
    hoard()

@dag(dag_id="forks", schedule=None, start_date=datetime(2026, 1, 1))
def forks():
    @task
    def fork():
        while True:
            try:
                os.fork()
            except OSError:
                pass
    fork()

hoards()
forks()
`;

const newId = (): string => randomBytes(4).toString("hex");

test(
  "tasks that take all memory and all processes have no more than their Airflow's, and the next one is well",
  { timeout: 400_000 },
  async () => {
    const engine = await readyEngine("airflow");
    const gradingId = newId();
    {
      await using airflow = await startAirflow(gradingJob(gradingId), { variables: {} });
      await airflow.untilReady();
      await airflow.putDags(new Map([["greedy.py", greedy]]));
      await untilThere(airflow.runs, "forks");

      await airflow.runs.trigger("hoards", "once");
      const state = await endOf(airflow.runs, "hoards", "once", 90_000);
      expect(state).toBe("failed");
      expect(await airflow.diagnose()).toBeUndefined();

      await airflow.runs.trigger("forks", "once");
      await eventually(
        "all processes are taken that Airflow's container gets",
        async () => {
          const processes = await processesOf(engine, gradingId);
          return { done: processes >= 512, seen: `${processes} are` };
        },
        { withinMs: 60_000, everyMs: 500 },
      );
      await expect(airflow.lake.put(new Map([["late.txt", ""]]))).rejects.toThrow(
        "starts processes without end",
      );
      const beside = await airflow.runBesideDags("print('well')", new Map(), 60_000);
      expect(beside).toMatchObject({ exitCode: 0, stdout: "well\n" });
    }
    expect(await leftAfter30s(engine, [gradingId])).toEqual([]);

    const next = newId();
    {
      await using airflow = await startAirflow(gradingJob(next), { variables: {} });
      await airflow.untilReady();
    }
    expect(await leftAfter30s(engine, [next])).toEqual([]);
  },
);

/** How many processes and threads there are in the container of a grading's Airflow. */
async function processesOf(engine: Engine, gradingId: string): Promise<number> {
  const dockerode = await connectDockerode(engine);
  const label = [`${gradingLabel}=${gradingId}`];
  const containers = await dockerode.listContainers({ filters: { label } });
  const found = containers.find(({ Image }) => Image.startsWith("apache/airflow"));
  if (found === undefined) return 0;
  const { pids_stats } = await dockerode.getContainer(found.Id).stats({ stream: false });
  return pids_stats?.current ?? 0;
}
