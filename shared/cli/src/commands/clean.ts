import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description(
        "Take away what gradings left on the engine: those that were killed, or run with --keep. A grading that runs is not touched.",
      )
      .option("--images", "also take away the images that Onramp built from its recipes")
      .addHelpText("after", "\nExamples:\n  npx onramp clean\n  npx onramp clean --images")
      .action(async (options: { images?: boolean }) => {
        const { answeringEngine, printProgress } = await import("../answering-engine.ts");
        const { findLeftovers, leftoverText, removeLeftovers } = await import("../leftovers.ts");
        const { connectDockerode } = await import("@onramp/engine/connect-dockerode");
        const engine = await answeringEngine();
        const dockerode = await connectDockerode(engine);
        const leftovers = await findLeftovers(dockerode);
        await removeLeftovers(dockerode, leftovers);
        const lines = leftovers.map(
          (leftover) => `Removed of grading ${leftover.gradingId}: ${leftoverText(leftover)}.`,
        );
        if (leftovers.length === 0) lines.push("No grading left anything behind.");
        if (options.images) {
          const { removeImages } = await import("@onramp/images/remove-images");
          const removed = await removeImages(engine, { onProgress: printProgress });
          lines.push(
            removed.length === 0
              ? "No image was built from a recipe here."
              : `Removed ${removed.length} names of images; the next grading pulls or builds what it needs.`,
          );
        }
        process.stdout.write(`${lines.join("\n")}\n`);
      });
  },
});
