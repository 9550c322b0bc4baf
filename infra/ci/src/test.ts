import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Tally, tallyOf } from "./tally.ts";
import { tallyTask, tallyTests, tallyVerify } from "./tally-task.ts";
import { exitCodesOf } from "./run-summary.ts";
import { runTurbo } from "./run-turbo.ts";

// `npm test`: everything that judges the kit, and one line at the end over all that ran.

const root = join(import.meta.dirname, "../../..");
const results = join(root, ".results");
const summaries = join(root, ".turbo/runs");

/** The tasks that count as one each; turbo.json says in which order they run. */
const staticTasks = ["format:check", "lint", "types", "dead-code", "arrows"];
const testTasks = ["test:unit", "test:engine"];

/**
 * Exercises whose matrices are run by hand: with them this would take longer than 70 minutes. The end of the run says
 * so. Their solutions are graded by a test (shared/cli/src/airflow-stages.engine.test.ts).
 */
const byHand = ["06-airflow", "07-airflow-kubernetes-job"];

// What an earlier run left must not be counted; other files there are not ours (an interrupted `verify` goes on with its own).
for (const old of ["unit.json", "engine.json", "verify"])
  await rm(join(results, old), { recursive: true, force: true });
await rm(summaries, { recursive: true, force: true });

const exercises = (await readdir(join(root, "exercises"), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((id) => !byHand.includes(id))
  .toSorted();
const exitCode = await runTurbo([...staticTasks, ...testTasks, "verify"], root);

const exitCodes = await exitCodesOf(summaries);
const tallies: Tally[] = staticTasks.map((task) => tallyTask(task, exitCodes.get(`//#${task}`)));
for (const task of testTasks) {
  const file = join(results, `${task.replace("test:", "")}.json`);
  tallies.push(await tallyTests(task, exitCodes.get(`//#${task}`), file));
}
for (const id of exercises) {
  const file = join(results, `verify/${id}.json`);
  tallies.push(await tallyVerify(id, exitCodes.get(`@onramp/exercise-${id}#verify`), file));
}
const { passed, failures } = tallyOf(tallies);
// Turbo's own fault, that no task shows.
if (exitCode !== 0 && failures.length === 0) failures.push(`turbo ended with ${exitCode}`);

for (const id of byHand) process.stdout.write(`\nNot run: npx onramp verify ${id}\n`);
if (failures.length > 0) process.stdout.write(`\nFailed:\n`);
for (const failure of failures) process.stdout.write(`  ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
