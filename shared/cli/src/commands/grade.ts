import { OnrampError } from "@onramp/errors/onramp-error";
import { defineCommand } from "../command.ts";

interface Options {
  submission?: string;
  only?: string[];
  watch?: boolean;
  keep?: boolean;
  seed?: string;
  json?: string;
  junit?: string;
}

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description("Grade your work on the real services and say what was seen.")
      .argument(
        "[ID]",
        "the exercise, its number or a part of its name; without it, the one you are at",
      )
      .option("--submission <dir>", "grade this directory instead of work/ID")
      .option("--only <check...>", "run these checks alone, with those that they come after")
      .option("--watch", "grade again whenever a file is saved")
      .option("--keep", "leave containers and images in place, to look at them")
      .option("--seed <seed>", "replay a run: names, data and moments come from the seed")
      .option("--json <file>", "write the report as JSON; - for stdout")
      .option("--junit <file>", "write the report as JUnit XML")
      .addHelpText(
        "after",
        "\nExit code: 0 passed, 1 failed, 3 not graded (our fault), 4 invalid submission.\n\nExamples:\n  npx onramp grade\n  npx onramp grade 01-docker --only stops-on-sigterm\n  npx onramp grade 04 --watch",
      )
      .action(async (typed: string | undefined, given: Options) => {
        if (given.watch && (given.json || given.junit)) {
          throw new OnrampError(
            "USAGE",
            "`--watch` goes on for ever, so it writes no report: leave out `--json` and `--junit`.",
          );
        }
        const { chooseExercise, splitChecks } = await import("../exercise-choice.ts");
        const { ensureStarted, runGrade } = await import("../run-grade.ts");
        const { withInterrupt } = await import("../interrupt.ts");
        const { id, only } = splitChecks(typed, given.only);
        const options = { ...given, only };
        const exercise = await chooseExercise(id);
        if (options.submission === undefined) await ensureStarted(exercise);
        const result = await withInterrupt(async (signal) => {
          if (!options.watch) return (await runGrade(exercise, options, signal)).exitCode;
          const { watchAndGrade } = await import("../watch-and-grade.ts");
          return watchAndGrade(exercise, options, signal);
        });
        process.exitCode = result === "interrupted" ? 130 : result;
      });
  },
});
