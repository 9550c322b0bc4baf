import type { CheckOutcome, GradeReport } from "@onramp/grading/report";
import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import {
  causeRows,
  checkMessage,
  otherProblems,
  outcomeSentence,
  problemsHeading,
} from "./report-words.ts";
import { visibleLine, visibleText } from "./visible-text.ts";

/** One test case of the file; a report's own problems are one beside those of its checks. */
interface TestCase {
  readonly name: string;
  readonly durationMs: number;
  readonly properties: Readonly<Record<string, string | number>>;
  /** A submission's fault is a failure, ours is an error, an unmet dependency is skipped. */
  readonly result: {
    readonly kind: "failure" | "error" | "skipped";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
  readonly output: string;
}

/** Reports as JUnit XML, one test suite for each. */
export function renderJunit(reports: readonly GradeReport[]): string {
  const suites = reports.map((report) => ({ report, cases: testCases(report) }));
  const root = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites", {
    name: "onramp",
    ...counts(suites.flatMap(({ cases }) => cases)),
    time: seconds(reports.reduce((sum, report) => sum + report.durationMs, 0)),
  });
  for (const { report, cases } of suites) {
    const suite = root.ele("testsuite", {
      name: xmlLine(report.exercise.id),
      ...counts(cases),
      time: seconds(report.durationMs),
      timestamp: report.startedAt,
    });
    addProperties(suite, {
      title: report.exercise.title,
      outcome: report.outcome,
      earned: report.score.earned,
      possible: report.score.possible,
      seed: report.seed,
      attempts: report.attempts,
      "setup-seconds": seconds(report.setupMs),
      "exercise-digest": report.exercise.digest,
      "submission-digest": report.submission.digest,
      grader: report.grader.version,
    });
    for (const testCase of cases) addTestCase(suite, report.exercise.id, testCase);
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function testCases(report: GradeReport): TestCase[] {
  const cases = report.checks.map(checkCase);
  const problems = otherProblems(report);
  // Without this a submission that was refused, and a grader that did not start, would look green.
  const hasNoSign =
    report.outcome !== "passed" &&
    !cases.some(({ result }) => result?.kind === "failure" || result?.kind === "error");
  if (!hasNoSign) return cases;
  const kind = report.outcome === "invalid-submission" ? "failure" : "error";
  const text = problems.map((problem) => rowsText(causeRows(problem))).join("\n\n");
  const result = {
    kind,
    type: problems[0]?.code ?? report.outcome,
    message: outcomeSentence(report),
    text,
  } as const;
  return [
    { name: problemsHeading(report), durationMs: 0, properties: {}, result, output: "" },
    ...cases,
  ];
}

function checkCase(check: CheckOutcome): TestCase {
  return {
    name: check.title,
    durationMs: check.durationMs,
    properties: { id: check.id, points: check.points, earned: check.earned, status: check.status },
    result: resultOf(check),
    output: check.evidence
      .map(
        ({ title, text, truncated }) =>
          `── ${visibleLine(title)}${truncated ? " (its middle was cut)" : ""}\n${text}`,
      )
      .join("\n\n"),
  };
}

function resultOf(check: CheckOutcome): TestCase["result"] {
  if (check.status === "passed") return null;
  const message = checkMessage(check) ?? check.cause?.detail ?? check.status;
  const rows: [string, string | null][] = [
    ["expected", check.expected],
    ["actual", check.actual],
    ...(check.cause ? causeRows(check.cause) : []),
  ];
  const text = [message, rowsText(rows)].filter((part) => part !== "").join("\n\n");
  if (check.status === "skipped") return { kind: "skipped", type: check.status, message, text: "" };
  if (check.status === "not-graded")
    return { kind: "error", type: check.cause?.code ?? check.status, message, text };
  return { kind: "failure", type: check.cause?.code ?? check.status, message, text };
}

function rowsText(rows: readonly (readonly [label: string, text: string | null])[]): string {
  return rows.flatMap(([label, text]) => (text === null ? [] : [`${label}: ${text}`])).join("\n");
}

function addTestCase(
  suite: XMLBuilder,
  classname: string,
  { name, durationMs, properties, result, output }: TestCase,
): void {
  const element = suite.ele("testcase", {
    name: xmlLine(name),
    classname: xmlLine(classname),
    time: seconds(durationMs),
  });
  addProperties(element, properties);
  if (result) {
    const type = result.kind === "skipped" ? {} : { type: xmlLine(result.type) };
    const child = element.ele(result.kind, { message: xmlLine(result.message), ...type });
    if (result.text !== "") child.txt(xmlText(result.text));
  }
  if (output !== "") element.ele("system-out").txt(xmlText(output));
}

function addProperties(
  element: XMLBuilder,
  properties: Readonly<Record<string, string | number>>,
): void {
  const entries = Object.entries(properties);
  if (entries.length === 0) return;
  const parent = element.ele("properties");
  for (const [name, value] of entries)
    parent.ele("property", { name, value: xmlLine(String(value)) });
}

function counts(cases: readonly TestCase[]): {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
} {
  const count = (kind: string) => cases.filter(({ result }) => result?.kind === kind).length;
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Text that XML 1.0 allows. xmlbuilder2 leaves an ampersand alone that looks like an entity, which would change `&lt;` into `<`. */
function xmlText(text: string): string {
  return visibleText(text).replaceAll("&", "&amp;");
}

function xmlLine(text: string): string {
  return visibleLine(text).replaceAll("&", "&amp;");
}
