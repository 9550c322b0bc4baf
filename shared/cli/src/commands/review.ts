import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "mentor",
  configure(command) {
    command
      .description(
        "Show what a hire changed, how it was graded with the evidence, and the rubric; of two attempts, what changed between them.",
      )
      .argument("<DIR...>", "the submission, or two attempts, the earlier first")
      .option("--markdown <FILE>", "write the review as a Markdown page too")
      .option("--exercise <ID>", "the exercise, where the directory's path does not tell")
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp review submission-1a2b3c4/01-docker\n  npx onramp review monday/01-docker friday/01-docker --markdown review.md",
      )
      .action(async (directories: string[], options: { markdown?: string; exercise?: string }) => {
        const { runReview } = await import("../run-review.ts");
        process.exitCode = await runReview(directories, options);
      });
  },
});
