import type { CheckOutcome } from "@onramp/grading/report";
import { expect, test } from "vitest";
import { sampleCheck } from "./sample-report.ts";
import { createCheckPrinter } from "./terminal-check.ts";
import { painter } from "./terminal-text.ts";

function printed(...checks: CheckOutcome[]): string {
  const print = createCheckPrinter(painter(false));
  return checks.flatMap((check) => print(check, 80)).join("\n");
}

function failed(change: Partial<CheckOutcome>): CheckOutcome {
  return sampleCheck({ status: "failed", message: "No.", ...change });
}

test("long evidence shows its beginning and its end, and the same evidence is shown once", () => {
  const text = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`).join("\n");
  const evidence = [{ title: "docker logs", text, truncated: false }];
  const output = printed(failed({ title: "one", evidence }), failed({ title: "two", evidence }));
  expect(output).toMatchInlineSnapshot(`
    "  ✗ one                                                 0/2 points        12.3 s
          No.

          ┌─ docker logs ───────────────────────────────────────────────────────────
          │ line 1
          │ line 2
          │ line 3
          │ line 4
          │ line 5
          │ line 6
          │ line 7
          │ line 8
          │ line 9
          │ line 10
          │ … 76 lines cut here; --json FILE writes all of them …
          │ line 87
          │ line 88
          │ line 89
          │ line 90
          │ line 91
          │ line 92
          │ line 93
          │ line 94
          │ line 95
          │ line 96
          │ line 97
          │ line 98
          │ line 99
          │ line 100
          └─────────────────────────────────────────────────────────────────────────

      ✗ two                                                 0/2 points        12.3 s
          No.

          docker logs: as shown under “one”
    "
  `);
});

test("a line of a megabyte takes a few lines of the terminal", () => {
  const text = "x".repeat(1_000_000);
  const lines = printed(
    failed({ evidence: [{ title: "response", text, truncated: false }] }),
  ).split("\n");
  expect(lines.length).toBeLessThan(25);
  expect(lines).toContain(
    "      │ … 999,000 characters cut from this line; --json FILE writes it all …",
  );
});

test("evidence without text says so", () => {
  const output = printed(
    failed({ evidence: [{ title: "docker logs", text: "\n", truncated: false }] }),
  );
  expect(output).toMatchInlineSnapshot(`
    "  ✗ Builds from a clean context                         0/2 points        12.3 s
          No.

          ┌─ docker logs ───────────────────────────────────────────────────────────
          │ (empty)
          └─────────────────────────────────────────────────────────────────────────
    "
  `);
});

test("one fault of ours that stops many checks is told once", () => {
  const cause = { code: "ENGINE_DIED", detail: "It closed the connection.", fix: "Grade again." };
  const checks = ["one", "two"].map((title) =>
    failed({ title, status: "not-graded", message: cause.detail, cause }),
  );
  expect(printed(...checks)).toMatchInlineSnapshot(`
    "  ! one                                                 not graded        12.3 s
          This is our fault, not yours. It costs you nothing.

          code        ENGINE_DIED
          detail      It closed the connection.
          what to do  Grade again.

      ! two                                                 not graded        12.3 s
          This is our fault, not yours. It costs you nothing.

          ENGINE_DIED: as shown under “one”
    "
  `);
});

test("skipped checks read as a list", () => {
  const checks = ["one", "two"].map((title) =>
    failed({ title, status: "skipped", message: "It comes after `zero`, which did not pass." }),
  );
  expect(printed(...checks)).toMatchInlineSnapshot(`
    "  – one                                                 skipped
          It comes after \`zero\`, which did not pass.
      – two                                                 skipped"
  `);
});

test("a submission that broke a service is told what broke", () => {
  const cause = {
    code: "SUBMISSION_BROKE_SERVICE",
    detail: "Kafka ran out of memory twice.",
    fix: "Look at what is sent.",
  };
  expect(printed(failed({ cause }))).toMatchInlineSnapshot(`
    "  ✗ Builds from a clean context                         0/2 points        12.3 s
          No.

          code        SUBMISSION_BROKE_SERVICE
          detail      Kafka ran out of memory twice.
          what to do  Look at what is sent.
    "
  `);
});

test("a message keeps its lines and their indentation", () => {
  expect(printed(failed({ message: `Seen:\n  ${"word ".repeat(20)}\n    deeper` })))
    .toMatchInlineSnapshot(`
    "  ✗ Builds from a clean context                         0/2 points        12.3 s
          Seen:
            word word word word word word word word word word word word word word
            word word word word word word
              deeper
    "
  `);
});
