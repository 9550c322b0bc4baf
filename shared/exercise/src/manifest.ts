import { z } from "zod";

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens");

/** One graded behaviour, as `exercise.yaml` declares it. */
export const checkDeclaration = z
  .strictObject({
    id: id.describe("A short sentence in kebab case; mutants name checks by it."),
    title: z.string().min(1).describe("What the hire reads."),
    points: z.int().positive().describe("What the check is worth."),
    after: z
      .array(id)
      .default([])
      .describe("Checks that have to pass first; else this one is skipped."),
  })
  .describe("One graded behaviour.");

/** `exercise.yaml`. */
export const exerciseManifest = z
  .strictObject({
    id: z
      .string()
      .regex(/^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/, "NN-name, as the directory")
      .describe("The directory's name; its number is the stage."),
    title: z.string().min(1).describe("What the hire reads."),
    minutes: z.int().positive().describe("How long a hire should plan for."),
    after: z
      .array(z.string())
      .default([])
      .describe("Exercises that a hire should have done before; no command asks for them."),
    needs: z.array(z.string()).default([]).describe("Testbed services that the grader starts."),
    editable: z
      .array(z.string().min(1))
      .min(1)
      .describe("Globs: the only files that are taken from a submission."),
    limits: z
      .strictObject({
        files: z.int().positive().default(50).describe("How many files a submission may hold."),
        bytes: z
          .int()
          .positive()
          .default(1_000_000)
          .describe("How many bytes they may have together."),
      })
      .prefault({})
      .describe("What a submission may hold."),
    matrixMinutes: z
      .number()
      .positive()
      .describe("What `onramp verify` may take for this exercise on 2 cores; it fails beyond."),
    matrixSides: z
      .int()
      .positive()
      .default(2)
      .describe("How many submissions `onramp verify` grades side by side."),
    checks: z.array(checkDeclaration).min(1).describe("In the order that the hire sees."),
  })
  .describe("An exercise of Onramp.");

/** `mutant.yaml`: a known mistake, laid over the solution. */
export const mutantManifest = z
  .strictObject({
    mistake: z.string().min(1).describe("One sentence to the hire, in the second person."),
    fails: z.array(id).min(1).describe("The checks that have to fail, and no others."),
    says: z
      .string()
      .min(1)
      .describe(
        "Text, or /regex/, that the message of a failing check has to hold: the observed value.",
      ),
  })
  .describe("A known mistake, laid over the solution.");

/** `variant.yaml`: another right answer, laid over the solution. */
export const variantManifest = z
  .strictObject({
    how: z.string().min(1).describe("One sentence: what this answer does differently."),
    touches: z.array(id).min(1).describe("The checks that could trip over the difference."),
  })
  .describe("Another right answer, laid over the solution.");

export type CheckDeclaration = z.output<typeof checkDeclaration>;
export type ExerciseManifest = z.output<typeof exerciseManifest>;
export type MutantManifest = z.output<typeof mutantManifest>;
export type VariantManifest = z.output<typeof variantManifest>;
