import { exerciseManifest, mutantManifest, variantManifest } from "@onramp/exercise/manifest";
import { gradeReport } from "@onramp/grading/report";
import { scoresReport } from "@onramp/reports/scores";
import { format } from "oxfmt";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { exercisePage } from "./exercise-page.ts";
import { jsonSchemaOf, schemaFile } from "./json-schema.ts";
import { reportPage } from "./report-page.ts";

/** A generated file: its path in the repository, and what makes its text. A new one is one line here. */
const generators: readonly (readonly [path: string, generate: () => string | Promise<string>])[] = [
  ["docs/reference/commands.md", commandsPage],
  ["docs/reference/errors.md", errorsPage],
  ["docs/reference/report.md", reportPage],
  ["docs/reference/exercise-yaml.md", exercisePage],
  [
    "docs/reference/report.schema.json",
    () => schemaFile("onramp/grade@1", jsonSchemaOf(gradeReport, "output")),
  ],
  [
    "docs/reference/scores.schema.json",
    () => schemaFile("onramp/scores@1", jsonSchemaOf(scoresReport, "output")),
  ],
  [
    "docs/reference/exercise.schema.json",
    () => schemaFile("exercise.yaml", jsonSchemaOf(exerciseManifest, "input")),
  ],
  [
    "docs/reference/mutant.schema.json",
    () => schemaFile("mutant.yaml", jsonSchemaOf(mutantManifest, "input")),
  ],
  [
    "docs/reference/variant.schema.json",
    () => schemaFile("variant.yaml", jsonSchemaOf(variantManifest, "input")),
  ],
];

/** Every generated document by its path in the repository, formatted as the format check wants it. */
export async function generatedDocs(): Promise<Map<string, string>> {
  const docs = new Map<string, string>();
  for (const [path, generate] of generators) {
    const { code, errors } = await format(path, `${(await generate()).trimEnd()}\n`);
    if (errors.length > 0)
      throw new Error(`${path} could not be formatted: ${JSON.stringify(errors)}`);
    docs.set(path, code);
  }
  return docs;
}
