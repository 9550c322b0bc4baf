import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description("Look at everything that a grading needs on this machine, and say what to do.")
      .option("--fix", "mend what can be mended: start an engine, get images, clear leftovers")
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp doctor\n  npx onramp doctor --fix\n\nExit code 3 when grading is not possible.",
      )
      .action(async (options: { fix?: boolean }) => {
        const { runDoctor } = await import("../doctor/run-doctor.ts");
        const { withInterrupt } = await import("../interrupt.ts");
        const exitCode = await withInterrupt(async (signal) =>
          runDoctor(options.fix ?? false, signal),
        );
        process.exitCode = exitCode === "interrupted" ? 130 : exitCode;
      });
  },
});
