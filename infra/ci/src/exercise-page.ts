import { exerciseManifest, mutantManifest, variantManifest } from "@onramp/exercise/manifest";
import { jsonSchemaOf } from "./json-schema.ts";
import { keyTable } from "./key-table.ts";

const fence = "```";

/** `docs/reference/exercise-yaml.md`: the three manifests that an author writes. */
export function exercisePage(): string {
  return `# exercise.yaml, mutant.yaml, variant.yaml

The manifests of an exercise. Unknown keys are errors: the message names the key and the nearest known one. Editors that read a first line like this complete and check the keys while you type:

${fence}yaml
# yaml-language-server: $schema=../../docs/reference/exercise.schema.json
${fence}

## exercise.yaml

One for each exercise, at \`exercises/NN-name/exercise.yaml\`. Schema: [exercise.schema.json](exercise.schema.json).

${fence}yaml
id: 01-docker
title: Pack trip-api into an image
minutes: 120
needs: [docker]
editable: [Dockerfile, .dockerignore]
limits: { files: 2, bytes: 100000 }
matrixMinutes: 6
checks:
  - { id: builds-from-a-clean-context, title: Builds from a clean context, points: 2 }
  - id: answers-on-its-port
    title: Answers on the port it is told
    points: 2
    after: [builds-from-a-clean-context]
${fence}

${keyTable(jsonSchemaOf(exerciseManifest, "input"))}

Write numbers without underscores: YAML reads \`1_000_000\` as text.

## mutant.yaml

A known mistake, at \`mutants/NAME/mutant.yaml\`. The other files of the directory are laid over the solution. It has to fail the checks that it names and no others; checks that come after those may be skipped. Schema: [mutant.schema.json](mutant.schema.json).

${fence}yaml
mistake: You start the service through a shell, which does not pass SIGTERM on.
fails: [stops-on-sigterm]
says: "exit code 137"
${fence}

${keyTable(jsonSchemaOf(mutantManifest, "input"))}

## variant.yaml

Another right answer, at \`variants/NAME/variant.yaml\`, laid over the solution in the same way. It has to get full marks. Schema: [variant.schema.json](variant.schema.json).

${fence}yaml
how: Runs under tini as the first process.
touches: [stops-on-sigterm]
${fence}

${keyTable(jsonSchemaOf(variantManifest, "input"))}`;
}
