import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description(
        "Commit your work on an exercise and bring it to your mentor: pushed to the team's remote, or written into a file to send.",
      )
      .argument(
        "[ID]",
        "the exercise, its number or a part of its name; without it, the one you are at",
      )
      .addHelpText(
        "after",
        "\nExample:\n  npx onramp submit 01-docker\n\nThe team's remote is `git config onramp.remote` of the kit's repository or of work/: the name of a remote, or a URL.",
      )
      .action(async (id: string | undefined) => {
        const { chooseExercise } = await import("../exercise-choice.ts");
        const { submitExercise } = await import("../submit-exercise.ts");
        const { mentorMessage } = await import("../mentor-message.ts");
        const { isPassed, readLastReport } = await import("../progress.ts");
        const exercise = await chooseExercise(
          id,
          (progress) => isPassed(progress) && progress.submitted === null,
        );
        const submitted = await submitExercise(exercise);
        const where =
          submitted.kind === "remote"
            ? `Pushed to ${submitted.place}, branch ${submitted.branch}.`
            : `Written to ${submitted.place} (the team set no \`onramp.remote\`).`;
        process.stderr.write(`${where}\nTell your mentor:\n\n`);
        process.stdout.write(
          `${mentorMessage(exercise, submitted, await readLastReport(exercise.id))}\n`,
        );
      });
  },
});
