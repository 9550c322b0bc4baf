import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description(
        "Keep services running for your own tries, and print how to reach them: those that you name, or those of an exercise.",
      )
      .argument(
        "[SERVICE|ID...]",
        "kubernetes, kafka, postgres, airflow, or exercises that need them",
      )
      .addHelpText(
        "after",
        '\nExamples:\n  npx onramp up kafka postgres\n  eval "$(npx onramp up 05-kafka-consume)"\n\nstdout holds `export` lines for your shell and nothing else. `npx onramp down` ends the services.',
      )
      .action(async (typed: string[]) => {
        const { withInterrupt } = await import("../interrupt.ts");
        const { runUp } = await import("../run-up.ts");
        const { exportLines, runningText } = await import("../running-services.ts");
        const running = await withInterrupt(async (signal) => runUp(typed, signal));
        if (running === "interrupted") {
          process.exitCode = 130;
          return;
        }
        const isShown = process.stdout.isTTY;
        process.stderr.write(`${runningText(running, isShown ? typed : undefined)}\n`);
        process.stdout.write(exportLines(running));
      });
  },
});
