import type { CheckOutcome, GradeReport } from "@onramp/grading/report";
import { createLogUpdate } from "log-update";
import { formatDuration } from "./format-duration.ts";
import { plural } from "./report-words.ts";
import { createCheckPrinter } from "./terminal-check.ts";
import { summaryLines } from "./terminal-summary.ts";
import { cutToWidth, indent, type Paint, painter, wrapWords } from "./terminal-text.ts";
import { visibleLine } from "./visible-text.ts";

export { formatDuration } from "./format-duration.ts";

export interface TerminalReportOptions {
  readonly stream: NodeJS.WritableStream & { readonly columns?: number };
  /** Columns; by default those of the stream, or 80. */
  readonly width?: number;
  /** True replaces the line of the running check as time goes by; false prints finished lines only, without control characters. */
  readonly isTerminal: boolean;
  /** What stands at the top: the exercise's id and title. */
  readonly title: string;
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly points: number;
  }[];
  readonly seed: string;
  /** The directory that is graded, as the user would write it. */
  readonly path: string;
}

/** A report that grows while the grading goes on. */
export interface TerminalReport extends Disposable {
  checkStarted(id: string): void;
  checkFinished(outcome: CheckOutcome): void;
  /** What goes on before the first check: "Building the image node:24-bookworm-slim". */
  note(text: string): void;
  /** Takes the running line away, for an end without a report: an error or ctrl-C. */
  stop(): void;
  finish(report: GradeReport, next: readonly string[]): void;
}

const widest = 120;
const narrowest = 40;
const tickMs = 1000;

/** Starts a report on a stream: its head is printed at once. */
export function createTerminalReport(options: TerminalReportOptions): TerminalReport {
  const { stream, isTerminal } = options;
  const paint = painter(isTerminal && !process.env["NO_COLOR"]);
  const printCheck = createCheckPrinter(paint);
  const titles = new Map(options.checks.map((check) => [check.id, check.title]));
  const running = new Map<string, { text: string; since: number; position: string }>();
  // The cursor stays visible: nothing has to be put right when the process is killed.
  const live = isTerminal
    ? createLogUpdate(stream, {
        showCursor: true,
        defaultWidth: options.width,
      })
    : null;
  const printed = new Map<string, string>();
  let endsEmpty = false;
  let timer: NodeJS.Timeout | null = null;

  const width = () => Math.min(widest, Math.max(narrowest, options.width ?? stream.columns ?? 80));
  const print = (lines: readonly string[]) => {
    // Blocks end or begin with an empty line; two of them never stand together.
    const text = lines.slice(endsEmpty && lines[0] === "" ? 1 : 0).join("\n");
    endsEmpty = lines.at(-1) === "";
    if (live) live.persist(`${text}\n`);
    else stream.write(`${text}\n`);
  };
  const draw = () => {
    if (!live || running.size === 0) return;
    const columns = Math.min(width(), stream.columns ?? widest) - 1;
    live([...running.values()].map((entry) => runningLine(entry, columns, paint)).join("\n"));
    timer ??= setInterval(draw, tickMs).unref();
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
    running.clear();
    live?.clear();
  };
  const endNote = () => {
    const note = running.get("");
    if (!note) return;
    running.delete("");
    if (live)
      print(noteLines(`${note.text} (${formatDuration(Date.now() - note.since)})`, width(), paint));
  };

  print(headLines(options, width(), paint));
  return {
    note(text) {
      endNote();
      // Without a terminal nobody sees a line grow: it is printed when the work begins.
      if (!live) print(noteLines(text, width(), paint));
      running.set("", { text: visibleLine(text), since: Date.now(), position: "" });
      draw();
    },
    checkStarted(id) {
      endNote();
      running.set(id, {
        text: visibleLine(titles.get(id) ?? id),
        since: Date.now(),
        position: `check ${options.checks.findIndex((check) => check.id === id) + 1}/${options.checks.length} · `,
      });
      draw();
    },
    checkFinished(outcome) {
      endNote();
      running.delete(outcome.id);
      printed.set(outcome.id, outcome.status);
      print(printCheck(outcome, width()));
      draw();
    },
    stop,
    finish(report, next) {
      endNote();
      stop();
      // Checks that never began have no event of their own, and some are judged anew in the end. Those of a refused
      // submission say nothing that the end does not.
      const others = report.outcome === "invalid-submission" ? [] : report.checks;
      for (const check of others)
        if (printed.get(check.id) !== check.status) print(printCheck(check, width()));
      print(summaryLines(report, next, width(), paint));
    },
    [Symbol.dispose]: stop,
  };
}

function headLines(
  { title, path, checks, seed }: TerminalReportOptions,
  width: number,
  paint: Paint,
): string[] {
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  const facts = `${visibleLine(path)} · ${plural(checks.length, "check")}, ${plural(points, "point")} · seed ${visibleLine(seed)}`;
  return [
    "",
    ...indent(
      wrapWords(visibleLine(title), width - 2).map((line) => paint("bold", line)),
      2,
    ),
    ...indent(
      wrapWords(facts, width - 2).map((line) => paint("dim", line)),
      2,
    ),
    "",
  ];
}

function noteLines(text: string, width: number, paint: Paint): string[] {
  return wrapWords(text, width - 4).map((line, index) =>
    paint("dim", `  ${index === 0 ? "·" : " "} ${line}`),
  );
}

function runningLine(
  entry: { text: string; since: number; position: string },
  width: number,
  paint: Paint,
): string {
  const end = `  ${entry.position}${Math.floor((Date.now() - entry.since) / 1000)} s`;
  const text = cutToWidth(entry.text, Math.max(width - 4 - end.length, 10));
  return `  ${paint("cyan", "›")} ${text}${paint("dim", end)}`;
}
