import { fenced, inlineText } from "@onramp/reports/markdown-text";
import { renderMarkdown } from "@onramp/reports/markdown";
import { statusWords } from "@onramp/reports/report-words";
import type { CheckStatus } from "@onramp/grading/report";
import type { ChangedOutcome } from "./changed-outcomes.ts";
import { nameOf, type Review } from "./review-submissions.ts";

/** The review as a Markdown page: diff, what changed, report, rubric. */
export function reviewMarkdown(review: Review): string {
  const { exercise, directory, diff, diffTitle, changed, report, rubric } = review;
  return [
    `# Review: ${inlineText(exercise.manifest.title)}, ${inlineText(nameOf(directory))}`,
    `## ${inlineText(diffTitle)}`,
    diff === ""
      ? "Nothing changed in the files that are taken."
      : fenced(diff).replace(/^(`+)text/, "$1diff"),
    ...(changed === undefined ? [] : ["## Outcomes that changed", changedList(changed)]),
    renderMarkdown(report).trimEnd(),
    ...(rubric === "" ? [] : [rubric.trim()]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** The changed outcomes as a list, in Markdown that also reads well on a terminal. */
export function changedList(changed: readonly ChangedOutcome[]): string {
  if (changed.length === 0) return "No check ended otherwise than in the last attempt.";
  return changed
    .map(({ title, before, after }) => `- ${title}: ${words(before)} → ${words(after)}`)
    .join("\n");
}

function words(status: CheckStatus | "new" | "gone"): string {
  return status === "new" || status === "gone" ? status : statusWords[status];
}
