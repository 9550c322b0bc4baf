import { fail } from "@onramp/grading/check-failure";
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
  if (rolledBack.isRight) return;
  fail(`The first revision had speedLimitKmh: ${rolledBack.wanted}, and ${rolledBack.seen}.`, {
    expected: rolledBack.wanted,
    actual: rolledBack.seen,
  });
});
