import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";

// Testbed services stand here and under `needs:` of exercise.yaml: `createCheck({ docker: startDocker })`.
const check = createCheck({});

// oxlint-disable-next-line no-empty-pattern -- the pattern names the services that a check needs: none here
check("names-the-topic", {}, async ({}, { job, evidence }) => {
  const text = await readFile(join(job.projectDirectory, "answer.txt"), "utf8").catch(() => "");
  evidence("answer.txt", text);
  const answers = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (answers.length === 1 && answers[0] === "trips.v1") return;
  const actual = answers.length === 0 ? "no answer" : `\`${answers.join("`, `")}\``;
  fail(`answer.txt answers ${actual}.`, {
    expected: "the topic that the next service finds the trips in",
    actual,
  });
});
