import type { ImageState } from "@onramp/images/image-states";
import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "author",
  configure(command) {
    command
      .description("Show the images that the kit uses: where each comes from, its size and state.")
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp images\n  npx onramp images build node\n  npx onramp images prefetch 01-docker\n  npx onramp images save onramp-images.tar",
      );
    command
      .command("list", { isDefault: true })
      .description("every image of the catalogue, as it is on this engine")
      .option("--json", "print it as JSON")
      .action(async (options: { json?: boolean }) => {
        const { answeringEngine } = await import("../answering-engine.ts");
        const { imageStates } = await import("@onramp/images/image-states");
        await print(await imageStates(await answeringEngine()), options.json);
      });
    command
      .command("build")
      .argument("<NAME...>", "names of the catalogue")
      .description("build from the recipe, also where the image is there already")
      .action(async (names: string[]) => ensure(names, true));
    command
      .command("prefetch")
      .argument("<ID>", "the exercise")
      .description("pull or build what an exercise needs")
      .action(async (id: string) => {
        const { chooseExercise } = await import("../exercise-choice.ts");
        const { imagesOf } = await import("../exercise-images.ts");
        await ensure(imagesOf(await chooseExercise(id)), false);
      });
    command
      .command("save")
      .argument("<FILE>", "the archive to write")
      .description(
        "write the catalogue's images that are here to one archive, so that a company builds once",
      )
      .action(async (file: string) => {
        const { answeringEngine, printProgress } = await import("../answering-engine.ts");
        const { saveImages } = await import("@onramp/images/save-images");
        await print(
          await saveImages(file, { engine: await answeringEngine(), onProgress: printProgress }),
        );
      });
    command
      .command("load")
      .argument("<FILE>", "an archive of `images save`")
      .description("read the images of an archive into this engine")
      .action(async (file: string) => {
        const { startedEngine, printProgress } = await import("../answering-engine.ts");
        const { loadImages } = await import("@onramp/images/save-images");
        await print(
          await loadImages(file, { engine: await startedEngine(), onProgress: printProgress }),
        );
      });
  },
});

async function ensure(names: readonly string[], rebuild: boolean): Promise<void> {
  const { startedEngine, printProgress } = await import("../answering-engine.ts");
  const { askOnTerminal, isAttended } = await import("../ask-on-terminal.ts");
  const { catalogueImage } = await import("@onramp/images/catalogue");
  const { ensureImages } = await import("@onramp/images/ensure-images");
  const { withInterrupt } = await import("../interrupt.ts");
  // A name that is not known is said before an engine is started for it.
  for (const name of names) catalogueImage(name);
  const consent = isAttended() ? askOnTerminal : undefined;
  const states = await withInterrupt(async (signal) => {
    const engine = await startedEngine(signal);
    return ensureImages(names, { engine, onProgress: printProgress, consent, rebuild, signal });
  });
  if (states === "interrupted") process.exitCode = 130;
  else await print(states);
}

async function print(states: readonly ImageState[], isJson = false): Promise<void> {
  const { imageTable } = await import("../image-table.ts");
  const text = isJson
    ? JSON.stringify({ schema: "onramp/images@1", images: states }, null, 2)
    : imageTable(states);
  process.stdout.write(`${text}\n`);
}
