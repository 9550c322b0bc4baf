import { z } from "zod";

/** What a grader's process is asked to do. */
export const gradingJob = z.strictObject({
  /** Names everything that the grading starts: the label's value. */
  gradingId: z.string(),
  exerciseDirectory: z.string(),
  /** The assembled project that is judged: the exercise's files with the submission's editable ones. */
  projectDirectory: z.string(),
  /** For files of the grading's own; it goes with everything in it when the grading ends, however it ends. */
  scratchDirectory: z.string(),
  /** Ids of the checks to run. One that comes after a check which is not among them is run as if that had passed. */
  checks: z.array(z.string()),
  seed: z.string(),
  /** True when containers, networks and images are to stay after the grading. */
  keep: z.boolean(),
  /** The containers of services that serve several gradings, by the service's name; others the grading starts itself. */
  sharedServices: z.record(z.string(), z.string()).default({}),
});

export type GradingJob = z.output<typeof gradingJob>;

declare module "vitest" {
  interface ProvidedContext {
    job: GradingJob;
    declarations: { id: string; title: string; points: number; after: string[] }[];
  }

  interface TaskMeta {
    checkId?: string;
    outcome?: import("./report.ts").CheckOutcome;
  }
}
