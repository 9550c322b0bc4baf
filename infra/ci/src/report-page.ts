import { exitCodes, gradeReport } from "@onramp/grading/report";
import { scoresReport } from "@onramp/reports/scores";
import { jsonSchemaOf } from "./json-schema.ts";
import { keyTable } from "./key-table.ts";
import { markdownTable } from "./markdown-table.ts";

const outcomeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  passed: "every check passed",
  failed: "at least one check failed or timed out, and the others were judged",
  "not-graded": "at least one check could not be judged: our fault, it costs the hire nothing",
  "invalid-submission": "the submission holds what cannot be taken, or more than the limits allow",
};

/** `docs/reference/report.md`: the report, its outcomes and its other formats. */
export function reportPage(): string {
  const outcomes = Object.entries(outcomeMeanings).map(([outcome, meaning]) => [
    `\`${outcome}\``,
    meaning,
    String(exitCodes[outcome as keyof typeof exitCodes]),
  ]);
  return `# The report

The outcome of one grading, \`onramp/grade@1\`. \`npx onramp grade --json FILE\` writes it (\`-\` for stdout). [report.schema.json](report.schema.json) is its JSON Schema; the Zod schema in \`shared/grading/src/report.ts\` is the source of both.

A key is never renamed or given another meaning under the same name and version. New keys come with a new version.

## Outcomes

${markdownTable(["outcome", "meaning", "exit code of `grade`"], outcomes)}

\`invalid-submission\` stands before \`not-graded\`, and that before \`failed\`.

## What became of a check

${markdownTable(
  ["status", "whose", "meaning"],
  [
    ["`passed`, `failed`, `timed-out`", "the submission's", "judged"],
    ["`skipped`", "nobody's", "a check that it comes after did not pass"],
    [
      "`not-graded`",
      "ours",
      "the engine, an image, a service or the grader broke; `cause` has the code of [errors.md](errors.md)",
    ],
  ],
)}

## Keys

${keyTable(jsonSchemaOf(gradeReport, "output"))}

\`evidence[].text\`, \`actual\` and the paths hold what a submission printed. Escape them before you show them: the kit's own formats do.

## Other formats of the same report

- **JUnit XML** (\`--junit FILE\`): one \`testsuite\` for each report, one \`testcase\` for each check. A submission's fault is a \`failure\`, ours is an \`error\`, an unmet dependency is \`skipped\`. Evidence is in \`system-out\`; the check's id, points and status are in \`properties\`. Characters that XML does not allow are replaced by visible ones. When a grading did not pass and no check shows it (the submission was refused, or the grader did not start), one \`testcase\` more says why.
- **Markdown**: a table of the checks and the evidence under each that did not pass, for the summary of a CI step and for mentors; at most 1 MB, and it says what it cut.
- **scores.json** and **scores.csv**: one row for each submission of \`npx onramp score\`.

## scores.json

The schema \`onramp/scores@1\`, [scores.schema.json](scores.schema.json). \`scores.csv\` has the keys of \`scores[]\` as columns; the problem codes are separated by blanks, and a cell that a spreadsheet would take for a formula begins with a quote.

${keyTable(jsonSchemaOf(scoresReport, "output"))}`;
}
