import type { CheckContext } from "./check.ts";
import { recordEvidence } from "./evidence.ts";

/**
 * A run that several checks judge, such as one of a program over some input: done when the first of them asks, once a
 * grading. Each of them gets the result, or the failure, and what was observed as evidence of its own.
 *
 * The run is not cancelled with the check that happened to begin it: it has to end by limits of its own.
 */
export function sharedRun<Services, Result>(
  run: (services: Services, context: CheckContext) => Promise<Result>,
): (services: Services, context: CheckContext) => Promise<Result> {
  let begun: ReturnType<typeof begin<Services, Result>> | undefined;
  return async (services, context) => {
    begun ??= begin(run, services, context);
    const { result, collected } = begun;
    try {
      return await result;
    } finally {
      for (const { title, text } of collected) context.evidence(title, text);
    }
  };
}

function begin<Services, Result>(
  run: (services: Services, context: CheckContext) => Promise<Result>,
  services: Services,
  context: CheckContext,
) {
  const { record, collected } = recordEvidence();
  const { signal } = new AbortController();
  return { collected, result: run(services, { ...context, evidence: record, signal }) };
}
