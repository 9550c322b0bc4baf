import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { GraderEvent } from "./grader-event.ts";
import type { GradingJob } from "./job.ts";
import type { CheckOutcome } from "./report.ts";
import { coveredMs, type TimeSpan } from "./time-span.ts";

/** Hears of a grading while it runs. */
export interface GradeListener {
  /** Work that is not the hire's: engine, images, services. */
  onProgress?(text: string): void;
  onCheckStarted?(id: string): void;
  onCheckFinished?(outcome: CheckOutcome): void;
}

/** How a grader's process ended. */
export interface GraderRun {
  readonly outcomes: ReadonlyMap<string, CheckOutcome>;
  /** How long at least one check was being judged, in milliseconds: the rest went into set-up. */
  readonly judgingMs: number;
  /** What broke in the grader itself, if anything did. */
  readonly breakage:
    | { readonly code: "GRADER_BUG" | "GRADER_DIED"; readonly detail: string }
    | undefined;
}

/** Node keeps there what it has compiled: the next grader starts in half the time. */
const compileCache = fileURLToPath(
  new URL("../../../node_modules/.cache/onramp-grader", import.meta.url),
);
const graderProcess = fileURLToPath(new URL("./grader-process.ts", import.meta.url));

/**
 * Runs a grader in a process of its own.
 *
 * An aborted signal kills it with everything that it started; its reaper frees what it has on the engine.
 */
export async function runGrader(
  job: GradingJob,
  listener: GradeListener,
  signal?: AbortSignal,
): Promise<GraderRun> {
  const outcomes = new Map<string, CheckOutcome>();
  const judged: TimeSpan[] = [];
  let breakage: GraderRun["breakage"];
  // Detached: a process group of its own, which ctrl-C does not reach and which can be killed as a whole.
  const child = fork(graderProcess, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const output = collectOutput(child);
  const kill = (): void => killGroup(child);
  signal?.addEventListener("abort", kill, { once: true });
  child.on("message", (event: GraderEvent) => {
    if (event.kind === "broke") breakage = { code: "GRADER_BUG", detail: event.detail };
    else if (event.kind === "check-started") listener.onCheckStarted?.(event.id);
    else {
      outcomes.set(event.outcome.id, event.outcome);
      const end = performance.now();
      judged.push({ start: end - event.outcome.durationMs, end });
      listener.onCheckFinished?.(event.outcome);
    }
  });
  try {
    if (signal?.aborted) kill();
    else child.send(job);
    const [code, killedBy] = (await once(child, "close")) as [number | null, string | null];
    if (code !== 0) {
      breakage ??= {
        code: "GRADER_DIED",
        detail: `The grader's process ended with ${killedBy ?? `exit code ${code}`}.\n${output()}`,
      };
    }
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
  }
  return { outcomes, judgingMs: coveredMs(judged), breakage };
}

/** The last lines that a process wrote, for when it dies. */
function collectOutput(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-4000);
    });
  }
  return () => text.trim();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
