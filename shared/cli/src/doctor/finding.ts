/** What the doctor found about one thing. `problem`: grading is not possible. */
export interface Finding {
  readonly level: "ok" | "warning" | "problem";
  readonly detail: string;
  /** What to do about it; absent when nothing is to be done. */
  readonly fix?: string;
  /** Mends it; absent where only a person can. */
  readonly mend?: (signal: AbortSignal) => Promise<void>;
}

/** One thing that the doctor looks at. */
export interface Examination {
  readonly name: string;
  readonly look: () => Promise<Finding>;
}

/** A finding that there is nothing to do about. */
export function ok(detail: string): Finding {
  return { level: "ok", detail };
}
