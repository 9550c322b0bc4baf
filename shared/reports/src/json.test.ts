import { gradeReport } from "@onramp/grading/report";
import { expect, test } from "vitest";
import { renderJson } from "./json.ts";
import { sampleCheck, sampleReport } from "./sample-report.ts";

test("a report is written two blanks deep, ends with a newline and reads back as it was", () => {
  const report = sampleReport();
  const text = renderJson(report);
  expect(text.split("\n").slice(0, 4)).toEqual([
    "{",
    '  "schema": "onramp/grade@1",',
    '  "exercise": {',
    '    "id": "01-docker",',
  ]);
  expect(text.endsWith("}\n")).toBe(true);
  expect(gradeReport.parse(JSON.parse(text))).toEqual(report);
});

test("what could mislead a terminal is escaped, and reads back as it was", () => {
  const message = "\u001B[2J \u009B31m \u202Eabc\u2028 \u007F";
  const text = renderJson(sampleReport({ checks: [sampleCheck({ status: "failed", message })] }));
  expect(text).toContain(String.raw`"message": "\u001b[2J \u009b31m \u202eabc\u2028 \u007f"`);
  expect(gradeReport.parse(JSON.parse(text)).checks[0]?.message).toBe(message);
});

test("a report that breaks its schema is a fault of the grader", () => {
  const report = { ...sampleReport(), attempts: 0 };
  expect(() => renderJson(report)).toThrow(
    expect.objectContaining({
      code: "GRADER_BUG",
      message: expect.stringContaining("at attempts"),
    }),
  );
});
