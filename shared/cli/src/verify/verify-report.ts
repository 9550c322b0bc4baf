import { z } from "zod";

const submissionKind = z.enum(["starter", "solution", "variant", "mutant"]);

export const verifiedSubmission = z.strictObject({
  kind: submissionKind,
  name: z.string(),
  ok: z.boolean(),
  expected: z.array(z.string()).describe("The checks that have to fail."),
  failed: z.array(z.string()).describe("The checks that failed or timed out."),
  durationMs: z.number().nonnegative().describe("Milliseconds."),
  problem: z.string().nullable().describe("What is not as it has to be; null when it is."),
});

const verifiedExercise = z.strictObject({
  id: z.string(),
  outcome: z.enum(["passed", "failed"]),
  durationMs: z.number().nonnegative().describe("Milliseconds."),
  problems: z
    .array(z.string())
    .describe("What is wrong with the exercise as a whole: its layout, its time."),
  checks: z.array(z.string()),
  unkilled: z.array(z.string()).describe("Checks that no mutant fails."),
  submissions: z.array(verifiedSubmission),
  kills: z.record(z.string(), z.array(z.string())).describe("The mutants that fail each check."),
});

/** What `onramp verify --json` writes: `onramp/verify@1`. */
export const verifyReport = z
  .strictObject({
    schema: z.literal("onramp/verify@1"),
    outcome: z.enum(["passed", "failed"]),
    durationMs: z.number().nonnegative().describe("Milliseconds."),
    seed: z.string(),
    exercises: z.array(verifiedExercise),
  })
  .describe("Who grades the graders: how each exercise's grader judged what it has to know.");

export type SubmissionKind = z.output<typeof submissionKind>;
export type VerifiedSubmission = z.output<typeof verifiedSubmission>;
export type VerifiedExercise = z.output<typeof verifiedExercise>;
export type VerifyReport = z.output<typeof verifyReport>;
