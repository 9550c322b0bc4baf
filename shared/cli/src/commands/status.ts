import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description("Show where you stand in every exercise, and what to do next.")
      .option("--json", "print the standings as JSON")
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp status\n  npx onramp status --json | jq '.exercises[].state'",
      )
      .action(async (options: { json?: boolean }) => {
        const { currentStanding, readStandings } = await import("../standings.ts");
        const standings = await readStandings();
        const next = currentStanding(standings)?.next ?? null;
        if (options.json) {
          const status = { schema: "onramp/status@1", exercises: standings, next };
          process.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
          return;
        }
        const { statusTable } = await import("../status-table.ts");
        const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
        const last = next === null ? "Every exercise is submitted." : `Next: ${next}`;
        process.stdout.write(`${statusTable(standings, width)}\n\n${last}\n`);
      });
  },
});
