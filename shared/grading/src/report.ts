import { z } from "zod";

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const milliseconds = z.number().nonnegative().describe("Milliseconds.");

/** What a check observed, kept with its result. */
export const evidence = z.strictObject({
  title: z.string(),
  text: z.string(),
  truncated: z.boolean().describe("True when the middle of the text was cut out."),
});

/** Why a check could not be judged (or SUBMISSION_BROKE_SERVICE), and what to do about it. */
export const cause = z.strictObject({ code: z.string(), detail: z.string(), fix: z.string() });

/** `passed`, `failed` and `timed-out` are verdicts; `skipped` and `not-graded` are none. */
export const checkStatus = z.enum(["passed", "failed", "timed-out", "skipped", "not-graded"]);

export const checkOutcome = z.strictObject({
  id: z.string(),
  title: z.string(),
  points: z.int().positive(),
  earned: z.int().nonnegative(),
  status: checkStatus,
  durationMs: milliseconds,
  message: z.string().nullable().describe("What happened, with the values seen; null for a check that passed."),
  expected: z.string().nullable(),
  actual: z.string().nullable(),
  evidence: z.array(evidence),
  cause: cause.nullable(),
});

/** The outcome of a whole grading. */
export const reportOutcome = z.enum(["passed", "failed", "not-graded", "invalid-submission"]);

/** The report `onramp/grade@1`. */
export const gradeReport = z
  .strictObject({
    schema: z.literal("onramp/grade@1"),
    exercise: z.strictObject({ id: z.string(), title: z.string(), digest: sha256 }),
    submission: z.strictObject({
      digest: sha256,
      files: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), sha256: z.string() })),
      ignored: z.array(z.string()).describe("Files that are there but not editable, at most 100 of them."),
    }),
    grader: z.strictObject({ version: z.string(), commit: z.string(), node: z.string() }),
    environment: z.strictObject({
      engine: z.strictObject({ name: z.string(), version: z.string(), api: z.string() }).nullable(),
      images: z.array(z.strictObject({ ref: z.string(), id: z.string(), origin: z.enum(["registry", "recipe"]) })),
    }),
    seed: z.string(),
    startedAt: z.iso.datetime(),
    durationMs: milliseconds,
    setupMs: milliseconds.describe("Milliseconds that went into services and the grader's own start."),
    outcome: reportOutcome,
    score: z.strictObject({ earned: z.int().nonnegative(), possible: z.int().positive() }),
    checks: z.array(checkOutcome),
    attempts: z.int().positive().describe("2 when a fault of ours made a second attempt necessary."),
    lookalikes: z.array(z.strictObject({ mutant: z.string(), mistake: z.string() })).describe("Known mistakes that fail the same checks: a guess."),
    problems: z.array(z.strictObject({ code: z.string(), detail: z.string(), fix: z.string() })).describe("Why a submission is invalid, and faults of ours, also those of a first attempt."),
  })
  .describe("The outcome of one grading.");

export type Evidence = z.output<typeof evidence>;
export type Cause = z.output<typeof cause>;
export type CheckStatus = z.output<typeof checkStatus>;
export type CheckOutcome = z.output<typeof checkOutcome>;
export type ReportOutcome = z.output<typeof reportOutcome>;
export type GradeReport = z.output<typeof gradeReport>;

/** The exit code of a grading with this outcome. */
export const exitCodes: Readonly<Record<ReportOutcome, number>> = {
  passed: 0,
  failed: 1,
  "not-graded": 3,
  "invalid-submission": 4,
};
