// Plain JavaScript: `npm test` starts on whatever Node the machine has and needs the locked one.
import { existsSync } from "node:fs";

const major = Number(process.versions.node.split(".")[0]);
const hasPackages = existsSync(new URL("../../../node_modules/execa", import.meta.url));

if (hasPackages && major >= 24) {
  await import("../src/test.ts");
} else {
  const next = hasPackages
    ? `The tests need Node 24 or newer; this is Node ${process.versions.node}. Where npm brings no locked Node (${process.platform}-${process.arch}), install Node 24, then run the command again.`
    : "The kit's packages are not installed yet: run `npm ci` first.";
  process.stderr.write(`${next}\n`);
  process.stdout.write("0 passed, 1 failed\n");
  process.exitCode = 1;
}
