import { run } from "./program.ts";

// Started by the launcher on an older Node: when that is gone, this process ends as if it had been asked to.
if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

process.exitCode = await run(process.argv.slice(2));
