import { fail } from "@onramp/grading/check-failure";
import { check } from "../chart.ts";
import { settingsRun } from "../settings-run.ts";

check(
  "rolls-on-a-changed-setting",
  { withinMs: 300_000, concurrent: true },
  async ({ helm }, context) => {
    const { atFirst, upgraded } = await settingsRun({ helm }, context);
    if (!atFirst.isRight) {
      fail(`Installed with speedLimitKmh: ${atFirst.wanted}: ${atFirst.seen}.`, {
        expected: atFirst.wanted,
        actual: atFirst.seen,
      });
    }
    if (upgraded.isRight) return;
    fail(`The upgrade was to speedLimitKmh: ${upgraded.wanted}, and ${upgraded.seen}.`, {
      expected: `${upgraded.wanted}: pods read their settings when they start, so new ones have to start`,
      actual: upgraded.seen,
    });
  },
);
