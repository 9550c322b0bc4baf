import { PassThrough } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import stringWidth from "string-width";
import { afterEach, expect, test, vi } from "vitest";
import { sampleCheck, sampleChecks, sampleReport } from "./sample-report.ts";
import { createTerminalReport, type TerminalReport } from "./terminal.ts";
import { visibleText } from "./visible-text.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function printed(
  options: { isTerminal?: boolean; width?: number; title?: string; checks?: typeof sampleChecks },
  play: (report: TerminalReport) => void,
): Promise<string> {
  const stream = new PassThrough();
  const {
    checks = sampleChecks,
    isTerminal = false,
    width = 80,
    title = "01-docker · Pack trip-api",
  } = options;
  play(
    createTerminalReport({
      stream,
      isTerminal,
      width,
      title,
      checks,
      seed: "7f3a91c2",
      path: "work/01-docker",
    }),
  );
  stream.end();
  return textOf(stream);
}

function finishAll(report: TerminalReport): void {
  report.note("Building the image node:24-bookworm-slim");
  for (const check of sampleChecks) {
    if (check.status !== "skipped") report.checkStarted(check.id);
    report.checkFinished(check);
  }
  report.finish(sampleReport(), [
    "Run `npx onramp doctor --fix`.",
    "Grade again: npx onramp grade 01-docker",
  ]);
}

test("a grading at 80 columns, plain", async () => {
  expect(await printed({}, finishAll)).toMatchInlineSnapshot(`
    "
      01-docker · Pack trip-api
      work/01-docker · 5 checks, 8 points · seed 7f3a91c2

      · Building the image node:24-bookworm-slim
      ✓ Builds from a clean context                         2/2 points        12.3 s
      ✗ Stops on SIGTERM within 5 s and finishes the        0/2 points        12.3 s
        request under way
          The container was still running 5 s after SIGTERM and ended with exit code
          137.

          expected  exit code 0 within 5 s, and the running request answered with
                    200
          actual    exit code 137 after 5.0 s; the request was cut off

          ┌─ docker logs ───────────────────────────────────────────────────────────
          │ ␛[2JALL PASSED␍
          │ \`\`\`
          │ </details>@team #12    연결이 거부되었습니다
          └─────────────────────────────────────────────────────────────────────────

      ✗ 상태가 건강으로 바뀐다                              timed out         12.3 s
          Waited 30 s for the health check; last seen: starting.

          expected  healthy
          actual    starting

          ┌─ health ────────────────────────────────────────────────────────────────
          │ starting<U+202E>
          │ (longer than a report can hold: its middle is missing in --json too)
          └─────────────────────────────────────────────────────────────────────────

      – Turns unhealthy when it hangs                       skipped
          It comes after “상태가 건강으로 바뀐다”, which did not pass.
      ! Names its base by version                           not graded         3.0 s
          This is our fault, not yours. It costs you nothing.

          code        IMAGE_UNAVAILABLE
          detail      node:22-alpine is not on this machine, and no registry
                      answered.
          what to do  Run \`npx onramp images\` for those that are here.

      ──────────────────────────────────────────────────────────────────────────────
      Not graded: 1 check could not be judged. This is our fault, not yours. It
      costs you nothing.

      Score   █████░░░░░░░░░░░░░░░  2 of 8 points
      Checks  1 passed, 1 failed, 1 timed out, 1 skipped, 1 not graded
      Time    1 min 12 s, of it 23.1 s for set-up

      What to do next
      1.  Run \`npx onramp doctor --fix\`.
      2.  Grade again: npx onramp grade 01-docker

    "
  `);
});

test("everything passed", async () => {
  const checks = [sampleCheck()];
  const output = await printed({ checks }, (report) => {
    report.checkFinished(checks[0] as (typeof checks)[0]);
    report.finish(sampleReport({ checks, outcome: "passed" }), [
      "Hand it in: npx onramp submit 01-docker",
    ]);
  });
  expect(output).toMatchInlineSnapshot(`
    "
      01-docker · Pack trip-api
      work/01-docker · 1 check, 2 points · seed 7f3a91c2

      ✓ Builds from a clean context                         2/2 points        12.3 s

      ──────────────────────────────────────────────────────────────────────────────
      Done: the one check passed.

      Score   ████████████████████  2 of 2 points
      Checks  1 passed
      Time    1 min 12 s, of it 23.1 s for set-up

      What to do next
      1.  Hand it in: npx onramp submit 01-docker

    "
  `);
});

test("a submission that cannot be taken", async () => {
  const problems = [
    {
      code: "SUBMISSION_INVALID",
      detail: "Dockerfile is a directory.",
      fix: "Put a file there and grade again.",
    },
  ];
  const output = await printed({}, (report) => {
    report.finish(sampleReport({ checks: [], outcome: "invalid-submission", problems }), []);
  });
  expect(output).toMatchInlineSnapshot(`
    "
      01-docker · Pack trip-api
      work/01-docker · 5 checks, 8 points · seed 7f3a91c2

      ──────────────────────────────────────────────────────────────────────────────
      Not taken: the submission holds something that cannot be graded.

      Time  1 min 12 s, of it 23.1 s for set-up

      What cannot be taken
      code        SUBMISSION_INVALID
      detail      Dockerfile is a directory.
      what to do  Put a file there and grade again.

    "
  `);
});

test.each([40, 80, 120])(
  "no line is wider than %d columns, and plain text holds no control character",
  async (width) => {
    const output = await printed({ width }, finishAll);
    expect(visibleText(output)).toBe(output);
    for (const line of output.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  },
);

test("on a terminal one line tells what runs, never wider than the terminal, and goes away", async () => {
  vi.useFakeTimers();
  const title =
    "로그를 표준 출력으로만 쓰고 파일 시스템에는 아무것도 쓰지 않는다 그리고 끝까지 기다린다";
  const output = await printed(
    { isTerminal: true, width: 60, checks: [sampleCheck({ title })] },
    (report) => {
      report.note("Starting the container engine");
      vi.advanceTimersByTime(1500);
      report.checkStarted("builds");
      vi.advanceTimersByTime(2000);
      report.stop();
      vi.advanceTimersByTime(5000);
    },
  );
  expect(frames(output)).toMatchInlineSnapshot(`
    [
      "
    ",
      "  ␛[1m01-docker · Pack trip-api␛[22m
    ",
      "  ␛[2mwork/01-docker · 1 check, 2 points · seed 7f3a91c2␛[22m
    ",
      "
    ",
      "  ␛[36m›␛[39m Starting the container engine␛[2m  0 s␛[22m
    ",
      "␛[2K␛[1A␛[2K␛[G  ␛[36m›␛[39m Starting the container engine␛[2m  1 s␛[22m
    ",
      "␛[2K␛[1A␛[2K␛[G␛[2m  · Starting the container engine (1.5 s)␛[22m
    ",
      "  ␛[36m›␛[39m 로그를 표준 출력으로만 쓰고 파일 시스…␛[2m  check 1/1 · 0 s␛[22m
    ",
      "␛[2K␛[1A␛[2K␛[G  ␛[36m›␛[39m 로그를 표준 출력으로만 쓰고 파일 시스…␛[2m  check 1/1 · 1 s␛[22m
    ",
      "␛[2K␛[1A␛[2K␛[G",
    ]
  `);
});

test("checks that never began are told at the end", async () => {
  const output = await printed({}, (report) => {
    for (const check of sampleChecks.slice(0, -1)) report.checkFinished(check);
    report.finish(sampleReport(), []);
  });
  expect(output.match(/^  [✓✗–!] .*/gmu)).toMatchInlineSnapshot(`
    [
      "  ✓ Builds from a clean context                         2/2 points        12.3 s",
      "  ✗ Stops on SIGTERM within 5 s and finishes the        0/2 points        12.3 s",
      "  ✗ 상태가 건강으로 바뀐다                              timed out         12.3 s",
      "  – Turns unhealthy when it hangs                       skipped",
      "  ! Names its base by version                           not graded         3.0 s",
    ]
  `);
});

test("colours are left out when NO_COLOR is set", async () => {
  vi.stubEnv("NO_COLOR", "1");
  const output = await printed({ isTerminal: true }, finishAll);
  vi.unstubAllEnvs();
  expect(frames(output).join("")).not.toMatch(/␛\[\d*m/);
});

/** The output with its escape sequences written out, one frame a line. */
function frames(output: string): string[] {
  return output.replaceAll("\u001B", "␛").split(/(?<=\n)/);
}
