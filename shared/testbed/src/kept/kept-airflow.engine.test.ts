import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { expect, test } from "vitest";
import { AirflowApi } from "../airflow/airflow-api.ts";
import { endOf, untilThere } from "../airflow/airflow-fixtures.ts";
import { DagRuns } from "../airflow/dag-runs.ts";
import { readyEngine } from "../docker/engine-fixtures.ts";
import { endServices, keepRunning } from "./keep-running.ts";
import { askAt, keptAirflow } from "./kept-airflow.ts";

// Under a name of the test's own: the Airflow that somebody keeps running here is theirs.
const airflow = { ...keptAirflow, container: `onramp-airflow-test-${process.pid}` };

const dag = `
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import DAG, Variable, task

with DAG("tried", schedule=None):
    @task
    def look():
        print(open(Variable.get("LAKE") + "/day.txt").read())
        HttpHook(method="POST", http_conn_id="alerts").run("/alerts", json={"day": "2026-01-05"})
    look()
`;

test(
  "keeps an Airflow running that runs the DAGs of a directory, with its lake and its connections",
  { timeout: 300_000 },
  async () => {
    const engine = await readyEngine("airflow");
    const dockerode = await connectDockerode(engine);
    await using resources = new AsyncDisposableStack();
    const project = await mkdtemp(join(tmpdir(), "onramp-up-"));
    resources.defer(async () => rm(project, { recursive: true, force: true }));
    for (const name of ["dags", "lake"]) await mkdir(join(project, name));
    await writeFile(join(project, "dags/tried.py"), dag);
    await writeFile(join(project, "lake/day.txt"), "the lake is here");
    resources.defer(async () => void (await endServices(dockerode, [airflow])));
    const contents = { schemas: [], directory: "", tripApiStage: "", project };
    const keep = async (of = contents) =>
      keepRunning([airflow], { engine, dockerode, contents: of, onProgress: () => {} });

    const [first] = await keep();
    const runs = new DagRuns(new AirflowApi(askAt(first?.port ?? 0)));
    await untilThere(runs, "tried");
    await runs.trigger("tried", "once");
    const state = await endOf(runs, "tried", "once");
    const tasks = await runs.tasks("tried", "once");
    const logs = await Promise.all(tasks.map(async (task) => runs.log("tried", "once", task)));
    expect(logs.join("\n")).toContain("the lake is here");
    expect(state).toBe("success");

    expect(await keep()).toEqual([{ ...first, isNew: false }]);
    const elsewhere = { ...contents, project: `${project}-elsewhere` };
    await expect(keep(elsewhere)).rejects.toMatchObject({
      code: "USAGE",
      message: `Airflow runs already, and reads ${project}.`,
    });
  },
);
