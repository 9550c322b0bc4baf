import { fail } from "@onramp/grading/check-failure";
import { readyMs } from "@onramp/testbed/trip-api/deployed-trip-api";
import { check } from "../chart.ts";
import { settingsRun } from "../settings-run.ts";

check(
  "rolls-on-a-changed-setting",
  { withinMs: 300_000, concurrent: true },
  async ({ helm }, context) => {
    const { atFirst, upgraded } = await settingsRun({ helm }, context);
    if (atFirst.limit !== atFirst.wanted) {
      fail(`Installed with speedLimitKmh: ${atFirst.wanted}, trip-api says ${atFirst.limit}.`, {
        expected: atFirst.wanted,
        actual: atFirst.limit,
      });
    }
    if (upgraded.limit === upgraded.wanted) return;
    fail(
      `${readyMs / 1000} s after an upgrade to speedLimitKmh: ${upgraded.wanted} the pods still say ${upgraded.limit}.`,
      {
        expected: `${upgraded.wanted}: pods read their settings when they start, so new ones have to start`,
        actual: upgraded.limit,
      },
    );
  },
);
