import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "author",
  configure(command) {
    command
      .description(
        "Scaffold an exercise that verifies: manifest, brief, hints, rubric, starter, solution, a variant, a mutant and a check.",
      )
      .argument("<ID>", "two digits and lower-case words: 08-driving-score")
      .addHelpText("after", "\nExample:\n  npx onramp new 08-driving-score")
      .action(async (id: string) => {
        const { newExercise } = await import("../new-exercise.ts");
        const { exercisesDirectory } = await import("../repository.ts");
        await newExercise(id, exercisesDirectory);
        process.stdout.write(
          [
            `exercises/${id} is there. It is small and whole: change one thing, verify, change the next.`,
            `Next: npx onramp verify ${id}`,
            "Then CONTRIBUTING.md from its second step on; the last one writes the lock file, which has to know the new package.",
            "",
          ].join("\n"),
        );
      });
  },
});
