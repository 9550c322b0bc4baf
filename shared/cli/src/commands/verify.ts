import { InvalidArgumentError } from "commander";
import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "author",
  configure(command) {
    command
      .description(
        "Grade the graders: the starter has to fail, the solution and every variant to pass, every mutant to fail what it names.",
      )
      .argument("[ID...]", "the exercises; without one, all")
      .option(
        "--full",
        "run all checks of mutants and variants: those not named have to pass or be skipped",
      )
      .option(
        "--repeat <n>",
        "grade starter and solution (with --full: everything) n times, and report what changed",
        wholeNumber,
        1,
      )
      .option("--resume", "go on with an interrupted run")
      .option("--seed <seed>", "replay a run")
      .option("--json <file>", "write the outcome as JSON")
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp verify 01-docker\n  npx onramp verify 01-docker --full --repeat 5",
      )
      .action(
        async (
          ids: string[],
          options: {
            full?: boolean;
            repeat: number;
            resume?: boolean;
            seed?: string;
            json?: string;
          },
        ) => {
          const { withInterrupt } = await import("../interrupt.ts");
          const { runVerify } = await import("../verify/run-verify.ts");
          const result = await withInterrupt((signal) => runVerify(ids, options, signal));
          process.exitCode = result === "interrupted" ? 130 : result;
        },
      );
  },
});

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It takes a whole number from 1 on.");
  return number;
}
