import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description("Begin an exercise anew with its starter. Your work so far is kept beside.")
      .argument("<ID>", "the exercise")
      .addHelpText("after", "\nExample:\n  npx onramp reset 01-docker")
      .action(async (id: string) => {
        const { chooseExercise } = await import("../exercise-choice.ts");
        const { resetExercise } = await import("../reset-exercise.ts");
        const exercise = await chooseExercise(id);
        const kept = await resetExercise(exercise);
        process.stdout.write(
          `Your work is kept in ${kept}.\nwork/${exercise.id} holds the starter again; your scores and hints stay.\nNext: npx onramp grade ${exercise.id}\n`,
        );
      });
  },
});
