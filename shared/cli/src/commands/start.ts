import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description(
        "Make the machine ready, put the starter into work/ID (never over your work), and grade it.",
      )
      .argument("[ID]", "the exercise; without it, the one you are at")
      .addHelpText("after", "\nExamples:\n  npx onramp start\n  npx onramp start 01-docker")
      .action(async (id: string | undefined) => {
        const { chooseExercise } = await import("../exercise-choice.ts");
        const { ensureWorkRepository, placeStarter } = await import("../work-repository.ts");
        const { withInterrupt } = await import("../interrupt.ts");
        const { runGrade } = await import("../run-grade.ts");
        const exercise = await chooseExercise(id);
        await ensureWorkRepository();
        const placed = await placeStarter(exercise);
        const where = `work/${exercise.id}`;
        process.stdout.write(
          placed === "placed" ? `The starter is in ${where}.\n` : `Your work is in ${where}.\n`,
        );
        process.stdout.write(`The brief: exercises/${exercise.id}/README.md\n\n`);
        const result = await withInterrupt((signal) => runGrade(exercise, {}, signal));
        // A low score is no failure of `start`: it ends with 0 when the grading took place.
        process.exitCode =
          result === "interrupted" ? 130 : result.report.outcome === "not-graded" ? 3 : 0;
      });
  },
});
