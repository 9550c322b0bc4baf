import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

const importing = (from: string): string => `import { thing } from "${from}";\nvoid thing;\n`;
const thing = "export const thing = 1;\n";

const right = {
  "exercises/01-docker/grader/a.check.ts":
    importing("@onramp/testbed/thing") + 'import "./laptop.ts";\n',
  "exercises/01-docker/grader/laptop.ts": thing,
  "shared/cli/src/start.ts": 'await import("@onramp/testbed/thing");\n',
  "shared/grading/src/report.ts": thing,
  "shared/reports/src/json.ts": importing("@onramp/grading/report"),
};

/** A wrong import, and the rules that it breaks. */
const wrong: [path: string, text: string, ...rules: string[]][] = [
  ["shared/grading/src/a.ts", importing("@onramp/testbed/thing"), "arrows-of-grading"],
  ["shared/grading/src/b.ts", 'await import("@onramp/engine/thing");', "arrows-of-grading"],
  [
    "infra/engine/src/a.ts",
    'import type { thing } from "@onramp/cli/thing";\nexport type A = typeof thing;',
    "arrows-of-engine",
  ],
  ["shared/reports/src/a.ts", importing("@onramp/grading/thing"), "arrows-of-reports"],
  ["exercises/01-docker/grader/a.ts", importing("@onramp/cli/thing"), "arrows-of-an-exercise"],
  [
    "exercises/02-kubernetes/grader/a.ts",
    importing("../../01-docker/grader/laptop.ts"),
    "arrows-of-an-exercise",
    "packages-by-name",
  ],
  ["exercises/01-docker/starter/src/a.ts", importing("@onramp/testbed/thing"), "starter-alone"],
  ["shared/new/src/a.ts", importing("@onramp/errors/thing"), "arrows-known"],
  ["shared/cli/src/a.ts", importing("../../testbed/src/thing.ts"), "packages-by-name"],
  ["shared/cli/src/b.ts", 'import "./b.ts";', "no-cycles"],
  ["shared/cli/src/c.ts", 'import "./nowhere.ts";', "resolvable"],
];

/** Makes a kit of these files, with the packages that they import. */
async function writeKit(directory: string, files: [path: string, text: string, ...unknown[]][]) {
  const packages = ["cli", "errors", "grading", "testbed", "reports"].map(
    (name) => `shared/${name}`,
  );
  await mkdir(join(directory, "node_modules/@onramp"), { recursive: true });
  for (const path of [...packages, "infra/engine"]) {
    await cp(join(root, path, "package.json"), join(directory, path, "package.json"));
    await symlink(
      join(directory, path),
      join(directory, path.replace(/^\w+/, "node_modules/@onramp")),
    );
    files.push([`${path}/src/thing.ts`, thing]);
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

test("every wrong import breaks its rules, and no right one does", async () => {
  const directory = await mkdtemp(join(tmpdir(), "onramp-arrows-"));
  try {
    await writeKit(directory, [...Object.entries(right), ...wrong]);
    const config = join(root, ".dependency-cruiser.mjs");
    const output = await promisify(execFile)(
      join(root, "node_modules/.bin/depcruise"),
      ["shared", "infra", "exercises", "--output-type", "json", "--config", config],
      { cwd: directory, maxBuffer: 2 ** 26 },
    ).catch((error: unknown) => error as { stdout: string });
    const { summary } = JSON.parse(output.stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    expect(summary.violations.map(({ from, rule }) => `${from} ${rule.name}`).toSorted()).toEqual(
      wrong.flatMap(([path, , ...rules]) => rules.map((rule) => `${path} ${rule}`)).toSorted(),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});
