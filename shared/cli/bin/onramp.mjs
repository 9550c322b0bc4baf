#!/usr/bin/env node
// Plain JavaScript, because it has to run on whatever Node the machine has: it goes on with the locked Node.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
// npm 10 installs the package but takes the link in .bin away again, with the package of another processor.
const lockedNode = [".bin/node", `node-${process.platform}-${process.arch}/bin/node`]
  .map((path) => `${root}node_modules/${path}`)
  .find((path) => existsSync(path));
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
// Node keeps there what it has compiled, as it does for the graders (run-grader.ts): a fifth of a start.
process.env.NODE_COMPILE_CACHE ??= `${root}node_modules/.cache/onramp-grader`;
const major = Number(process.versions.node.split(".")[0]);

if (!existsSync(`${root}node_modules/commander`)) {
  console.error(
    "The kit's packages are not installed yet. Run `npm ci` in the repository's root first.",
  );
  process.exitCode = 3;
} else if (major >= 24) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else if (lockedNode !== undefined) {
  // The child gets the terminal's ctrl-C itself; this process only has to outlive it to pass on the exit code.
  // The channel tells the child when this process is gone, also by `kill -9`.
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  const child = spawn(lockedNode, [main, ...process.argv.slice(2)], { stdio });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  }
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 3);
  });
} else {
  console.error(
    `Onramp needs Node 24 or newer; this is Node ${process.versions.node}, and no locked Node exists for ${process.platform}-${process.arch}. Install Node 24, then run the command again.`,
  );
  process.exitCode = 3;
}
