import { describe, expect, test } from "vitest";
import { reportWith } from "./fixtures.ts";
import { nextHint, parseHints } from "./hints.ts";

const markdown = `# Hints

Not part of any hint.

## builds · 1

Where does the build begin?

\`\`\`dockerfile
## builds · 9
FROM node
\`\`\`

## builds · 2

With a FROM line.

## answers · 1

Which port?
`;
const hints = parseHints(markdown);

describe("parseHints", () => {
  test("reads a section per check and level, and no heading within code", () => {
    expect(hints.map(({ name }) => name)).toEqual(["builds · 1", "builds · 2", "answers · 1"]);
    expect(hints[0]?.text).toContain("## builds · 9");
    expect(hints[2]?.text).toBe("Which port?");
  });
});

describe("nextHint", () => {
  test("begins at the start when nothing was graded", () => {
    expect(nextHint(hints, [], undefined)?.name).toBe("builds · 1");
    expect(nextHint(hints, ["builds · 1"], undefined)?.name).toBe("builds · 2");
  });

  test("takes the first check that failed and has a hint left", () => {
    const report = reportWith({ builds: "failed", answers: "timed-out" });
    expect(nextHint(hints, [], report)?.name).toBe("builds · 1");
    expect(nextHint(hints, ["builds · 1", "builds · 2"], report)?.name).toBe("answers · 1");
    expect(
      nextHint(
        hints,
        hints.map(({ name }) => name),
        report,
      ),
    ).toBeUndefined();
  });

  test("gives none for a check that passed", () => {
    expect(nextHint(hints, [], reportWith({ builds: "passed", answers: "failed" }))?.name).toBe(
      "answers · 1",
    );
    expect(
      nextHint(hints, [], reportWith({ builds: "passed", answers: "passed" })),
    ).toBeUndefined();
  });

  test("begins at the start when a fault of ours left nothing judged", () => {
    expect(nextHint(hints, [], reportWith({ builds: "not-graded" }))?.name).toBe("builds · 1");
  });
});
