import { randomBytes } from "node:crypto";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { expect, test } from "vitest";
import { gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { startPostgres } from "../postgres/postgres-service.ts";
import { untilThere } from "./airflow-fixtures.ts";
import { startAirflow } from "./airflow-service.ts";
import { startWarmAirflow } from "./warm-airflow.ts";

/** A task that does not end, with a child that its task does not wait for, and files where it may write some. */
const restless = `
import os, subprocess, time
from datetime import datetime
from airflow.sdk import Variable, dag, task

@dag(dag_id="restless", schedule=None, start_date=datetime(2026, 1, 1))
def restless():
    @task
    def wait():
        subprocess.Popen(["sleep", "600"], start_new_session=True)
        print("I am " + Variable.get("WHO"), os.path.exists("/tmp/left"))
        open("/tmp/left", "w").close()
        time.sleep(600)
    wait()

restless()
`;

const newId = (): string => randomBytes(4).toString("hex");

test(
  "an Airflow serves gradings one after the other, and nothing of one is left for the next",
  { timeout: 300_000 },
  async () => {
    const engine: Engine = await readyEngine("airflow");
    const hostId = newId();
    const guests = [newId(), newId()];
    {
      await using postgres = await startPostgres(gradingJob(hostId));
      const given = { postgres: postgres.containerId };
      await using warm = await startWarmAirflow({ ...gradingJob(hostId), sharedServices: given });
      for (const guest of guests) {
        const job = {
          ...gradingJob(guest),
          sharedServices: { ...given, airflow: warm.containerId },
        };
        await using airflow = await startAirflow(job, { variables: { WHO: guest } });
        await airflow.untilReady();
        expect(await airflow.runs.details("restless")).toBeUndefined();
        await airflow.putDags(new Map([["restless.py", restless]]));
        await untilThere(airflow.runs, "restless");
        await airflow.runs.trigger("restless", "once");
        await eventually(
          "the task runs, as the grading's Variable has it",
          async () => {
            const [task] = await airflow.runs.tasks("restless", "once");
            const log =
              task === undefined ? "no task" : await airflow.runs.log("restless", "once", task);
            return { done: log.includes(`I am ${guest} False`), seen: log.slice(-300) };
          },
          { withinMs: 60_000, everyMs: 500 },
        );
      }
    }
    expect(await leftAfter30s(engine, [hostId, ...guests])).toEqual([]);
  },
);
