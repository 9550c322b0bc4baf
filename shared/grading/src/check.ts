import { inject, test, type TestContext } from "vitest";
import { CheckFailure } from "./check-failure.ts";
import { type EvidenceRecorder, recordEvidence } from "./evidence.ts";
import type { GradingJob } from "./job.ts";
import { blankOutcome, notGraded, type Verdict } from "./not-graded.ts";
import type { CheckOutcome } from "./report.ts";
import { type Seed, seedFrom } from "./seed.ts";
import type { ServiceStarter, StartedService } from "./service.ts";
import { ServicesSideBySide } from "./services-side-by-side.ts";

/** What every check is given, besides the services that it asks for. */
export interface CheckContext {
  readonly job: GradingJob;
  readonly seed: Seed;
  /** Keeps what the check observed; shown under a failure. */
  readonly evidence: EvidenceRecorder;
  /** Aborted when the check's time is over or the grading is cancelled. */
  readonly signal: AbortSignal;
}

export interface CheckOptions {
  /** The check's budget in milliseconds, from the moment that its services are ready. 60,000 unless told. */
  readonly withinMs?: number;
  /**
   * Runs it beside the other checks of its file that say so, four at a time: for checks that have topics, databases
   * and programs of their own. What it comes after stands in an earlier file.
   */
  readonly concurrent?: boolean;
}

type Services = Record<string, ServiceStarter<StartedService>>;
type Started<Given extends Services> = { [Name in keyof Given]: Awaited<ReturnType<Given[Name]>> };
/** Named in the first argument's pattern: the services that the check needs. Vitest starts those. */
type Body<Given extends Services> = (
  services: Started<Given>,
  context: CheckContext,
) => Promise<void>;

/** Statuses so far, of all check files: they share one worker. */
const statuses = new Map<string, CheckOutcome["status"]>();
const serviceStartLimitMs = 300_000;

/**
 * Makes the `check` function of a grader, with these testbed services as fixtures.
 *
 * A service is started when the first check whose context names it runs, and serves all later ones.
 */
export function createCheck<Given extends Services>(
  services: Given,
): (id: string, options: CheckOptions, body: Body<Given>) => void {
  const job = inject("job");
  const declarations = inject("declarations");
  // Registered first and for every check, so that no service is started for one that is skipped.
  let api = test.extend("prerequisites", { auto: true }, ({ task, skip }) => {
    const declared = declarations.find(({ id }) => id === task.meta.checkId);
    const missed = declared?.after.find(
      (id) => job.checks.includes(id) && statuses.get(id) !== "passed",
    );
    if (declared === undefined || missed === undefined) return;
    const title = declarations.find(({ id }) => id === missed)?.title ?? missed;
    const message = `It comes after “${title}”, which did not pass.`;
    settle(task.meta, { ...blankOutcome(declared), status: "skipped", message });
    skip(message);
  }) as unknown as typeof test;
  const started = new ServicesSideBySide(services, job);
  for (const name of Object.keys(services)) {
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads a fixture's needs from the pattern
    api = api.extend(name, { scope: "worker" }, async ({}, { onCleanup }) => {
      onCleanup(() => started[Symbol.asyncDispose]());
      return started.service(name);
    }) as typeof test;
  }

  return (id, { withinMs = 60_000, concurrent = false }, body) => {
    const declared = declarations.find((declaration) => declaration.id === id);
    if (declared === undefined)
      throw new Error(`The grader has a check \`${id}\` that exercise.yaml does not declare.`);
    if (!job.checks.includes(id)) return;

    const judge = async (context: TestContext & Started<Given>): Promise<void> => {
      const { record, collected } = recordEvidence();
      const budget = new AbortController();
      const signal = AbortSignal.any([budget.signal, context.signal]);
      const start = performance.now();
      const given = { job, seed: seedFrom(job.seed), evidence: record, signal };
      const verdict = await withBudget(body(context, given), withinMs, budget);
      const durationMs = Math.round(performance.now() - start);
      const outcome = { ...blankOutcome(declared), durationMs, evidence: collected, ...verdict };
      if (outcome.status === "passed") outcome.earned = declared.points;
      else
        Object.assign(
          outcome,
          await faultOfOurs(Object.keys(services).map((name) => context[name])),
        );
      settle(context.task.meta, outcome);
    };
    // Vitest finds out which fixtures to start by reading the test function's source: show it the check's own.
    Object.defineProperty(judge, "toString", { value: () => body.toString() });
    api(
      declared.title,
      { timeout: withinMs + serviceStartLimitMs, concurrent, meta: { checkId: id } },
      judge as () => Promise<void>,
    );
  };
}

async function withBudget(
  running: Promise<void>,
  withinMs: number,
  budget: AbortController,
): Promise<Verdict> {
  const { promise: timeUp, resolve } = Promise.withResolvers<Verdict>();
  const timer = setTimeout(() => {
    resolve({
      status: "timed-out",
      message: `The check was not over after its ${withinMs / 1000} s.`,
    });
  }, withinMs);
  const judged = running.then((): Verdict => ({ status: "passed" }), verdictOn);
  try {
    return await Promise.race([judged, timeUp]);
  } finally {
    clearTimeout(timer);
    budget.abort();
  }
}

function verdictOn(thrown: unknown): Verdict {
  const error = firstOf(thrown);
  if (error instanceof CheckFailure) {
    return {
      status: "failed",
      message: error.message,
      expected: error.expected,
      actual: error.actual,
    };
  }
  return notGraded(error);
}

/** What was thrown first, where giving something back failed too: the latter is a consequence. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

async function faultOfOurs(
  services: (StartedService | undefined)[],
): Promise<Partial<CheckOutcome>> {
  for (const service of services) {
    const fault = await service?.diagnose?.();
    if (fault !== undefined) return { ...notGraded(fault), expected: null, actual: null };
  }
  return {};
}

function settle(meta: { outcome?: CheckOutcome }, outcome: CheckOutcome): void {
  meta.outcome = outcome;
  statuses.set(outcome.id, outcome.status);
}
