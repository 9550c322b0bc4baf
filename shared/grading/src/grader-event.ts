import type { CheckOutcome } from "./report.ts";

/** What a grader's process tells while it runs. */
export type GraderEvent =
  | { readonly kind: "check-started"; readonly id: string }
  | { readonly kind: "check-finished"; readonly outcome: CheckOutcome }
  | { readonly kind: "broke"; readonly detail: string };
