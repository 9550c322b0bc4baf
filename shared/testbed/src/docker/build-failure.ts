import { CheckFailure } from "@onramp/grading/check-failure";
import { type BuildStep, exitCodeOf } from "./build-log.ts";

/** A build that did not succeed, by the submission's own fault. */
export class BuildFailure extends CheckFailure {
  readonly log: string;
  /** What stopped the build: a step that failed, the Dockerfile as a whole, or a limit of ours. */
  readonly reason: "step" | "dockerfile" | "time" | "disk";

  constructor(message: string, log: string, actual: string, reason: BuildFailure["reason"]) {
    super(message, { expected: "`docker build` ends with exit code 0", actual });
    this.log = log;
    this.reason = reason;
  }
}

/** A step that ended with an error. */
export function failedStep(step: BuildStep, log: string): BuildFailure {
  const what = describeError(step);
  const output = tellingLines(step.output).join("\n");
  const message = `The build failed at \`${step.name}\`: ${what}${output === "" ? "" : `\n${output}`}`;
  return new BuildFailure(message, log, what, "step");
}

/** The first lines that speak of an error, else the last ones: tools end with advice and the place of a log. */
function tellingLines(output: string): string[] {
  const lines = output.trimEnd().split("\n");
  const errors = lines.filter((line) => /\berror\b/i.test(line)).slice(0, 3);
  return errors.length > 0 ? errors : lines.slice(-3);
}

function describeError(step: BuildStep): string {
  const exitCode = exitCodeOf(step);
  if (exitCode !== undefined) {
    const why = exitCode === 137 ? " (it was killed, most often for want of memory)" : "";
    return `the command ended with exit code ${exitCode}${why}`;
  }
  const error = step.error ?? "";
  const [, missing] =
    /(?:^|(?:cache key|checksum of ref).*?)"(\/[^"]*)":? not found/.exec(error) ?? [];
  if (missing === undefined) return error;
  return step.name.includes("--from=")
    ? `\`${missing}\` is not in the image or stage that it is copied from`
    : `\`${missing.slice(1)}\` is not in the build context. Either the project has no such file, or .dockerignore leaves it out`;
}

/** A build that failed at no step that was told: a Dockerfile that the builder did not understand, most often. */
export function unreadable(log: string): BuildFailure {
  const reason = lastLine(log)
    .replace(/^(ERROR: )?failed to solve( with \S+ \S+)?: /, "")
    .replace(/^failed to create LLB definition: /, "");
  return new BuildFailure(
    `The build failed: ${reason}`,
    log,
    reason,
    /exit code: \d+$/.test(reason) ? "step" : "dockerfile",
  );
}

/** `--from=` a name that is neither a stage nor an image on this machine. */
export function noSuchStage(name: string, log: string): BuildFailure {
  return new BuildFailure(
    `The Dockerfile copies from \`${name}\`, but it has no stage of that name (and no registry has such an image for this machine).`,
    log,
    `no stage \`${name}\``,
    "dockerfile",
  );
}

export function outOfTime(
  log: string,
  steps: readonly BuildStep[],
  withinMs: number,
): BuildFailure {
  const at = steps.findLast(({ isDone }) => !isDone) ?? steps.at(-1);
  const time = withinMs % 60_000 === 0 ? `${withinMs / 60_000} minutes` : `${withinMs / 1000} s`;
  return new BuildFailure(
    `The build was not over after ${time}, and was stopped at \`${at?.name ?? "its start"}\`.`,
    log,
    `still building after ${time}`,
    "time",
  );
}

export function tooMuchDisk(log: string, diskBytes: number): BuildFailure {
  const gigabytes = (diskBytes / 1024 ** 3).toFixed(1);
  return new BuildFailure(
    `The build took more than ${gigabytes} GiB of disk and was stopped, so that the machine does not run full.`,
    log,
    `more than ${gigabytes} GiB written`,
    "disk",
  );
}

/** The builder's client says last what went wrong. */
export function lastLine(log: string): string {
  return log.trimEnd().split("\n").at(-1) ?? "";
}
