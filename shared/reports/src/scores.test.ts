import { expect, test } from "vitest";
import { sampleReport } from "./sample-report.ts";
import { renderScoresCsv, renderScoresJson, scoreRowOf, scoresReport } from "./scores.ts";

const rows = [
  scoreRowOf("mina", sampleReport(), "mina/report.json"),
  scoreRowOf("=cmd|'/c calc'!A0", sampleReport({ outcome: "failed" }), "=cmd/report.json"),
  scoreRowOf(
    '한글, "quoted"\n',
    sampleReport({
      outcome: "passed",
      problems: [{ code: "ENGINE_DIED", detail: "it died", fix: "start it" }],
    }),
    "x/report.json",
  ),
];

test("one line per submission, and no cell that a spreadsheet would run", () => {
  expect(renderScoresCsv(rows)).toMatchInlineSnapshot(`
    "name,exercise,outcome,earned,possible,durationMs,report,problems
    mina,01-docker,not-graded,2,8,72345,mina/report.json,IMAGE_UNAVAILABLE
    '=cmd|'/c calc'!A0,01-docker,failed,2,8,72345,'=cmd/report.json,IMAGE_UNAVAILABLE
    "한글, ""quoted""␊",01-docker,passed,2,8,72345,x/report.json,ENGINE_DIED IMAGE_UNAVAILABLE
    "
  `);
});

test.each(["=1", "+1", "-1", "@SUM(A1)", "\t=1"])(
  "a name that begins like %j is text to a spreadsheet",
  (name) => {
    const [, line = ""] = renderScoresCsv([scoreRowOf(name, sampleReport(), "report.json")]).split(
      "\n",
    );
    expect(line).toMatch(/^'/);
  },
);

test("scores.json follows onramp/scores@1", () => {
  const text = renderScoresJson(rows);
  expect(scoresReport.parse(JSON.parse(text)).scores).toEqual(rows);
  expect(text.slice(0, 300)).toMatchInlineSnapshot(`
    "{
      "schema": "onramp/scores@1",
      "scores": [
        {
          "name": "mina",
          "exercise": "01-docker",
          "outcome": "not-graded",
          "earned": 2,
          "possible": 8,
          "durationMs": 72345,
          "report": "mina/report.json",
          "problems": [
            "IMAGE_UNAVAILABLE"
          ]
        "
  `);
});
