import { OnrampError } from "@onramp/errors/onramp-error";
import { gradeReport, type GradeReport } from "@onramp/grading/report";
import { z } from "zod";

/** A report as `onramp/grade@1`, two blanks deep. Throws GRADER_BUG when it breaks its schema. */
export function renderJson(report: GradeReport): string {
  return renderValidated(gradeReport, report);
}

/** Any value as JSON, once its schema has let it pass. */
export function renderValidated<Schema extends z.ZodType>(
  schema: Schema,
  value: z.input<Schema>,
): string {
  const checked = schema.safeParse(value);
  if (!checked.success) {
    throw new OnrampError(
      "GRADER_BUG",
      `A report breaks its own schema:\n${z.prettifyError(checked.error)}`,
      { cause: checked.error },
    );
  }
  return `${JSON.stringify(checked.data, null, 2).replaceAll(misleading, escapeSequence)}\n`;
}

// JSON.stringify escapes the first 32 control characters only. The others, and those that turn the direction of text
// around, are escaped too: `--json -` prints onto a terminal. The data stays the same.
const misleading = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

function escapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
