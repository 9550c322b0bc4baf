// Plain JavaScript: `npm test` starts on whatever Node the machine has and goes on with the locked one.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
const test = fileURLToPath(new URL("../src/test.ts", import.meta.url));
// npm 10 installs the package but takes the link in .bin away again, with the package of another processor.
const lockedNode = [".bin/node", `node-${process.platform}-${process.arch}/bin/node`]
  .map((path) => `${packages}${path}`)
  .find((path) => existsSync(path));

if (!existsSync(`${packages}execa`)) {
  giveUp("The kit's packages are not installed yet: run `npm ci` first.");
} else if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(test);
} else if (lockedNode !== undefined) {
  // What the tests start looks for `node` in the PATH.
  const PATH = `${dirname(lockedNode)}${delimiter}${process.env["PATH"]}`;
  const child = spawn(lockedNode, [test], { stdio: "inherit", env: { ...process.env, PATH } });
  process.on("SIGINT", () => {}); // The terminal sends it to the child too, which ends in its own way.
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  giveUp(
    `The tests need Node 24 or newer; this is Node ${process.versions.node}, and no locked Node exists for ${process.platform}-${process.arch}. Install Node 24, then run the command again.`,
  );
}

function giveUp(reason) {
  process.stderr.write(`${reason}\n`);
  process.stdout.write("0 passed, 1 failed\n");
  process.exitCode = 1;
}
