import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { generatedDocs } from "./generated-docs.ts";

// Writes the generated part of docs/reference; with --check it writes nothing and fails when a file is out of date.
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const root = join(import.meta.dirname, "../../..");

for (const [path, text] of await generatedDocs()) {
  const file = join(root, path);
  if ((await readText(file)) === text) continue;
  if (values.check) {
    console.error(`${path} is out of date. Run \`npm run docs\`.`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    console.log(`Wrote ${path}`);
  }
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
