import { randomBytes } from "node:crypto";
import type { Engine } from "@onramp/engine/engine";
import { eventually } from "@onramp/grading/eventually";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradingJob, leftAfter30s, readyEngine } from "../docker/engine-fixtures.ts";
import { endOf, untilThere } from "./airflow-fixtures.ts";
import { type AirflowService, startAirflow } from "./airflow-service.ts";

const gradingId = randomBytes(4).toString("hex");
let engine: Engine;
let airflow: AirflowService;

const dag = `
import urllib.request
from datetime import datetime, timedelta
from airflow.sdk import Variable, dag, task

assert Variable.get("GREETING") == "hello"

@dag(dag_id="probe", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 1, "retry_delay": timedelta(seconds=1)})
def probe():
    @task
    def look(data_interval_start=None, data_interval_end=None):
        print(data_interval_start, data_interval_end, open("/lake/trips/one.txt").read())
        request = urllib.request.Request("http://alerts:8080/alerts", data=b'{"day": 1}')
        assert urllib.request.urlopen(request).status == 204
        try:
            open("/lake/trips/two.txt", "w")
        except PermissionError:
            return
        raise Exception("the lake can be written")
    look()

probe()
`;

const dags = new Map([
  ["probe.py", dag],
  ["broken.py", "from airflow.sdk import dag\nraise Exception('no good')"],
  ["ends.py", "# airflow dag\nimport os\nos._exit(3)"],
]);

beforeAll(async () => {
  engine = await readyEngine("airflow");
  airflow = await startAirflow(gradingJob(gradingId), { variables: { GREETING: "hello" } });
  await airflow.untilReady();
  await airflow.putDags(dags);
}, 300_000);
afterAll(async () => {
  await airflow[Symbol.asyncDispose]();
  const left = await leftAfter30s(engine, [gradingId]);
  if (left.length > 0) throw new Error(`The service left ${left.join(", ")}.`);
});

test("a DAG runs for a day, sees the lake, and sends an alert", { timeout: 150_000 }, async () => {
  await untilThere(airflow.runs, "probe");
  await airflow.lake.put(new Map([["trips/one.txt", "it's here"]]));
  const runId = await airflow.runs.triggerDay("probe", "2026-01-05");
  const state = await endOf(airflow.runs, "probe", runId);
  const tasks = await airflow.runs.tasks("probe", runId);
  const logs = await Promise.all(tasks.map((task) => airflow.runs.log("probe", runId, task)));
  expect(logs.join("\n")).toContain(
    "2026-01-05 00:00:00+00:00 2026-01-06 00:00:00+00:00 it's here",
  );
  expect(state).toBe("success");
  expect(await airflow.alerts.received()).toMatchObject([
    { method: "POST", path: "/alerts", body: '{"day": 1}' },
  ]);
  await airflow.runs.clear("probe", runId);
  expect(await endOf(airflow.runs, "probe", runId)).toBe("success");
});

test("a file that cannot be imported is told", { timeout: 90_000 }, async () => {
  const problem = await eventually(
    "one is told",
    async () => {
      const told = await airflow.runs.importProblems();
      return { done: told !== "", seen: "none", value: told };
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  expect(problem).toMatch(/^broken\.py:\n.*no good/s);
});

test("a program beside the DAGs has no network and no lake", { timeout: 60_000 }, async () => {
  const program = "import os, socket; print(os.path.exists('/lake'), len(socket.if_nameindex()))";
  expect(await airflow.runBesideDags(program, dags, 30_000)).toMatchObject({
    exitCode: 0,
    stdout: "False 1\n",
  });
});
