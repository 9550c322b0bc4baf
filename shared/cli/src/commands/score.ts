import { InvalidArgumentError } from "commander";
import { defineCommand } from "../command.ts";

interface Options {
  readonly out: string;
  readonly jobs: number;
  readonly failUnder?: number;
  readonly exercise?: string;
}

export default defineCommand({
  audience: "CI",
  configure(command) {
    command
      .description(
        "Grade one or many submissions and write each report as JSON, JUnit and Markdown, with scores.json and scores.csv for all.",
      )
      .argument("<DIR...>", "the submissions")
      .requiredOption("--out <OUT>", "the directory to write to")
      .option("--jobs <N>", "how many to grade side by side", (text) => numberIn(text, 1, 64), 1)
      .option("--fail-under <PERCENT>", "exit with 1 when a score is lower", (text) =>
        numberIn(text, 0, 100),
      )
      .option("--exercise <ID>", "the exercise, where the directories' paths do not tell")
      .addHelpText(
        "after",
        "\nExample:\n  npx --no onramp score submissions/*/01-docker --out scores --jobs 2\n\nExit codes: 0 all were graded, 1 a score is under --fail-under, 2 wrong usage, 3 something could not be graded.",
      )
      .action(async (directories: string[], options: Options) => {
        const { runScore } = await import("../run-score.ts");
        process.exitCode = await runScore(directories, options);
      });
  },
});

function numberIn(text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= least && number <= most))
    throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
  return number;
}
