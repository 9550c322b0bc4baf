import { z } from "zod";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const milliseconds = z.number().nonnegative().describe("Milliseconds.");

/** What a check observed, kept with its result. */
export const evidence = z
  .strictObject({
    title: z.string().describe("Where the text comes from: a command, a log, a file."),
    text: z.string().describe("As it was seen; it may hold anything that a submission prints."),
    truncated: z.boolean().describe("True when the middle of the text was cut out."),
  })
  .describe("What a check observed.");

/** Why a check could not be judged (or SUBMISSION_BROKE_SERVICE), and what to do about it. */
export const cause = z
  .strictObject({
    code: z.string().describe("A code of errors.md, or SUBMISSION_BROKE_SERVICE."),
    detail: z.string().describe("What happened, with the values seen."),
    fix: z.string().describe("What to do next."),
  })
  .describe("Why a check could not be judged, or that the submission broke a service.");

/** `passed`, `failed` and `timed-out` are verdicts; `skipped` and `not-graded` are none. */
export const checkStatus = z
  .enum(["passed", "failed", "timed-out", "skipped", "not-graded"])
  .describe("passed, failed and timed-out are verdicts; skipped and not-graded are none.");

export const checkOutcome = z
  .strictObject({
    id: z.string().describe("The check's id in exercise.yaml."),
    title: z.string().describe("What the hire reads."),
    points: z.int().positive().describe("What the check is worth."),
    earned: z.int().nonnegative().describe("What it brought."),
    status: checkStatus,
    durationMs: milliseconds.describe("Milliseconds, without the start of services."),
    message: z
      .string()
      .nullable()
      .describe("What happened, with the values seen; null for a check that passed."),
    expected: z
      .string()
      .nullable()
      .describe("What the brief asks for; null when there is no such pair."),
    actual: z
      .string()
      .nullable()
      .describe("What was seen instead; null when there is no such pair."),
    evidence: z.array(evidence).describe("What the check observed."),
    cause: cause.nullable().describe("Null unless not-graded, or SUBMISSION_BROKE_SERVICE."),
  })
  .describe("The outcome of one check.");

/** The outcome of a whole grading. */
export const reportOutcome = z
  .enum(["passed", "failed", "not-graded", "invalid-submission"])
  .describe("The outcome of the grading.");

/** The report `onramp/grade@1`. */
export const gradeReport = z
  .strictObject({
    schema: z.literal("onramp/grade@1").describe("The format's name and version."),
    exercise: z
      .strictObject({
        id: z.string().describe("The exercise's directory name."),
        title: z.string().describe("What the hire reads."),
        digest: digest.describe("Of the exercise's own files: which grader and brief this was."),
      })
      .describe("What was graded against."),
    submission: z
      .strictObject({
        digest: digest.describe("Of the files that were taken."),
        files: z
          .array(
            z
              .strictObject({
                path: z.string().describe("Relative to the submission, with forward slashes."),
                bytes: z.int().nonnegative().describe("The file's size."),
                sha256: z.string().describe("The digest of its content."),
              })
              .describe("A file that was taken."),
          )
          .describe("The files that were taken."),
        ignored: z
          .array(z.string())
          .describe(
            "Files that are there and not taken, without those of the starter that are unchanged: at most 100, and then how many more.",
          ),
      })
      .describe("What was graded."),
    grader: z
      .strictObject({
        version: z.string().describe("The kit's version."),
        commit: z.string().describe("The kit's Git commit."),
        node: z.string().describe("The version of Node.js that the grader ran on."),
      })
      .describe("What graded."),
    environment: z
      .strictObject({
        engine: z
          .strictObject({
            name: z.string().describe("Docker, Podman or what it calls itself."),
            version: z.string().describe("The engine's version."),
            api: z.string().describe("The version of its API."),
          })
          .nullable()
          .describe("The container engine; null when none was reached."),
        images: z
          .array(
            z
              .strictObject({
                ref: z.string().describe("The name that the world uses."),
                id: z.string().describe("The engine's id of it."),
                origin: z
                  .enum(["registry", "recipe"])
                  .describe("Pulled, or built from the kit's recipe."),
              })
              .describe("An image that the testbed ran."),
          )
          .describe("The images that the testbed ran."),
      })
      .describe("What the services ran on."),
    seed: z
      .string()
      .describe("Names, data and moments of faults come from it; --seed replays them."),
    startedAt: z.iso.datetime().describe("When the grading began, UTC."),
    durationMs: milliseconds.describe("Milliseconds from begin to end."),
    setupMs: milliseconds.describe(
      "Milliseconds that went into services and the grader's own start.",
    ),
    outcome: reportOutcome,
    score: z
      .strictObject({
        earned: z.int().nonnegative().describe("The sum over the checks."),
        possible: z
          .int()
          .positive()
          .describe(
            "The sum over the checks that were asked for: with `--only` fewer than the exercise has.",
          ),
      })
      .describe("Points."),
    checks: z.array(checkOutcome).describe("In the order of exercise.yaml."),
    attempts: z
      .int()
      .positive()
      .describe("2 when a fault of ours made a second attempt necessary."),
    lookalikes: z
      .array(
        z
          .strictObject({
            mutant: z.string().describe("The mutant's directory name."),
            mistake: z.string().describe("The mistake, as a sentence to the hire."),
          })
          .describe("A known mistake."),
      )
      .describe("Known mistakes that fail the same checks with the same words: a guess."),
    problems: z
      .array(
        z
          .strictObject({
            code: z.string().describe("A code of errors.md."),
            detail: z.string().describe("What happened, with the values seen."),
            fix: z.string().describe("What to do next."),
          })
          .describe("A problem beside the verdicts."),
      )
      .describe("Why a submission is invalid, and faults of ours, also those of a first attempt."),
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
