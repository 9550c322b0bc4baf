import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "author",
  configure(command) {
    command
      .description(
        "Show the container engine that gradings run on; start or stop one of Onramp's own.",
      )
      .addHelpText(
        "after",
        "\nExamples:\n  npx onramp engine\n  npx onramp engine start\n  npx onramp engine stop\n\nExit code 3 when no engine answers. ONRAMP_ENGINE=never forbids to install or start one.",
      );
    command
      .command("status", { isDefault: true })
      .description("where the engine is, what it is, and who started it")
      .action(async () => {
        const { answeringEngine, engineText } = await import("../answering-engine.ts");
        const engine = await answeringEngine();
        const { os, architecture, cpus, memoryBytes, dataRoot, cgroupVersion, source } = engine;
        const memory = (memoryBytes / 2 ** 30).toFixed(1);
        process.stdout.write(
          `${engineText(engine)}\nfound by ${source}; ${os}, ${architecture}, ${cpus} CPUs, ${memory} GiB of memory, control groups v${cgroupVersion}\nkeeps its data in ${dataRoot}\n`,
        );
      });
    command
      .command("start")
      .description(
        "use the engine that is there, else install (Debian, Ubuntu, as root) and start one",
      )
      .action(async () => {
        const { engineText, startedEngine } = await import("../answering-engine.ts");
        const { withInterrupt } = await import("../interrupt.ts");
        const engine = await withInterrupt(async (signal) => startedEngine(signal));
        if (engine === "interrupted") process.exitCode = 130;
        else process.stdout.write(`${engineText(engine)}\n`);
      });
    command
      .command("stop")
      .description("end the engine that Onramp started, with its containers; images stay on disk")
      .action(async () => {
        const { printProgress } = await import("../answering-engine.ts");
        const { stopEngine } = await import("@onramp/engine/stop-engine");
        const wasOurs = await stopEngine({ onProgress: printProgress });
        process.stdout.write(
          wasOurs
            ? "The engine is stopped. `npx onramp engine start` starts it again.\n"
            : "No engine of Onramp's runs. One that somebody else started is left alone.\n",
        );
      });
  },
});
