import { fail } from "@onramp/grading/check-failure";
import { readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import { firstLines } from "@onramp/testbed/kubernetes/what-was-said";
import { check } from "./chart.ts";
import { settingsRun } from "./settings-run.ts";

check("rolls-back-to-the-old-setting", {}, async ({ helm }, context) => {
  const { rolledBack, output } = await settingsRun({ helm }, context);
  if (rolledBack === undefined) {
    const said = firstLines(output);
    fail(`\`helm rollback\` failed:\n${said}`, {
      expected: "`helm rollback north 1` ends with 0",
      actual: said,
    });
  }
  if (rolledBack.limit === rolledBack.wanted) return;
  fail(
    `${readyMs / 1000} s after \`helm rollback\` to the first revision the pods say ${rolledBack.limit}, and it had ${rolledBack.wanted}.`,
    { expected: rolledBack.wanted, actual: rolledBack.limit },
  );
});
