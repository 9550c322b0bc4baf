import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description(
        "Give one more hint for the first check that failed in your last grading; each level says more than the one before.",
      )
      .argument(
        "[ID]",
        "the exercise, its number or a part of its name; without it, the one you are at",
      )
      .option("--list", "show again those that were given")
      .addHelpText("after", "\nExamples:\n  npx onramp hint\n  npx onramp hint 01-docker --list")
      .action(async (id: string | undefined, options: { list?: boolean }) => {
        const { chooseExercise } = await import("../exercise-choice.ts");
        const { printGivenHints, printNextHint } = await import("../give-hint.ts");
        const exercise = await chooseExercise(id);
        await (options.list ? printGivenHints(exercise) : printNextHint(exercise));
      });
  },
});
