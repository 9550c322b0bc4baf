import { codes } from "@onramp/errors/codes";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Engine } from "@onramp/engine/engine";
import { CheckFailure } from "@onramp/grading/check-failure";
import { catalogueImage } from "@onramp/images/catalogue";
import { imageStates } from "@onramp/images/image-states";
import { type BuildStep, imagesNamed, parseBuildLog } from "./build-log.ts";
import { mostDiskBytes, watchDisk } from "./disk-watch.ts";
import { useOwnFrontEnd, wantsNewerFrontEnd } from "./front-end.ts";
import { gradingLabel } from "./labels.ts";
import { canInstallPackages, looksLikeNetworkTrouble } from "./registry-canary.ts";
import { type BuildRun, runBuild } from "./run-build.ts";

/** An image that a submission's Dockerfile built. */
export interface BuiltImage {
  readonly tag: string;
  readonly steps: readonly BuildStep[];
  readonly log: string;
}

/** A build that did not succeed, by the submission's own fault. */
export class BuildFailure extends CheckFailure {
  readonly log: string;
  /** What stopped the build: a step that failed, or a limit of ours. */
  readonly reason: "step" | "time" | "disk";

  constructor(
    message: string,
    log: string,
    actual: string,
    reason: BuildFailure["reason"] = "step",
  ) {
    super(message, { expected: "`docker build` ends with exit code 0", actual });
    this.log = log;
    this.reason = reason;
  }
}

export interface BuilderOptions {
  readonly engine: Engine;
  readonly gradingId: string;
  /** What a build may take, in milliseconds. 240,000 unless told. */
  readonly withinMs?: number;
  /** What the grading may take of the disk, in bytes. */
  readonly diskBytes?: number;
}

/** Builds a submission's images for one grading. */
export class Builder {
  readonly #options: BuilderOptions;
  #needsOwnFrontEnd = false;
  #count = 0;

  constructor(options: BuilderOptions) {
    this.#options = options;
  }

  /**
   * Builds the context's Dockerfile with BuildKit.
   * @throws {BuildFailure} when the Dockerfile does not build
   * @throws {OnrampError} IMAGE_UNAVAILABLE, REGISTRY_UNREACHABLE, ENGINE_DIED when it could not be judged
   */
  async build(
    context: string,
    buildArgs: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<BuiltImage> {
    const { engine, gradingId, withinMs = 240_000, diskBytes = mostDiskBytes } = this.#options;
    this.#count += 1;
    const tag = `onramp-grading/${gradingId}:${this.#count}`;
    using disk = watchDisk(engine, diskBytes);
    const request = {
      context,
      tag,
      labels: { [gradingLabel]: gradingId },
      buildArgs,
      withinMs,
      signal: AbortSignal.any([signal, disk.signal]),
    };
    if (this.#needsOwnFrontEnd) await useOwnFrontEnd(context, engine);
    let run = await runBuild(request);
    let steps = parseBuildLog(run.log);
    if (
      run.ended === "failed" &&
      !this.#needsOwnFrontEnd &&
      wantsNewerFrontEnd(steps, run.log, engine)
    ) {
      this.#needsOwnFrontEnd = true;
      await useOwnFrontEnd(context, engine);
      run = await runBuild(request);
      steps = parseBuildLog(run.log);
    }
    if (run.ended === "built") return { tag, steps, log: run.log };
    if (disk.signal.aborted) throw tooMuchDisk(run.log, diskBytes);
    signal.throwIfAborted();
    throw await this.#explain(run, steps, withinMs, signal);
  }

  async #explain(
    run: BuildRun,
    steps: readonly BuildStep[],
    withinMs: number,
    signal: AbortSignal,
  ): Promise<Error> {
    const { engine, gradingId } = this.#options;
    if (
      /cannot connect to the docker daemon|error during connect|unexpected EOF|transport is closing/i.test(
        run.log,
      )
    ) {
      return new OnrampError(
        "ENGINE_DIED",
        `The engine went away during a build: ${lastLine(run.log)}`,
      );
    }
    const unresolved = imagesNamed(steps).find(({ error }) => error !== undefined);
    if (unresolved?.error !== undefined)
      return unresolvedImage(unresolved.ref, unresolved.error, run.log, engine);
    const isNetwork = run.ended === "out of time" || looksLikeNetworkTrouble(run.log);
    if (isNetwork && !(await canInstallPackages(gradingId, signal))) {
      return new OnrampError(
        "REGISTRY_UNREACHABLE",
        `A package could not be fetched during the build, and a build of ours could not either: ${lastLine(run.log)}`,
      );
    }
    const step = steps.findLast(({ error }) => error !== undefined);
    if (isRunWithoutExitCode(step)) {
      return new OnrampError(
        "ENGINE_DIED",
        `The engine could not run a build step: ${step?.error}`,
      );
    }
    if (run.ended === "out of time") {
      const at = step ?? steps.at(-1);
      return new BuildFailure(
        `The build was not over after ${withinMs / 1000} s; it was at \`${at?.name ?? "its start"}\`.`,
        run.log,
        `still building after ${withinMs / 1000} s`,
        "time",
      );
    }
    const output = step?.output.trimEnd().split("\n").slice(-3).join("\n") ?? "";
    const message =
      step === undefined
        ? `The build failed: ${lastLine(run.log)}`
        : `The build failed at \`${step.name}\`: ${step.error}${output === "" ? "" : `\n${output}`}`;
    return new BuildFailure(message, run.log, step?.error ?? lastLine(run.log));
  }
}

/** A program that fails has an exit code; without one, it was the engine that could not start it. */
function isRunWithoutExitCode(step: BuildStep | undefined): boolean {
  if (step?.error === undefined || !/^\[.*?\] RUN\b/.test(step.name)) return false;
  return (
    /executor failed running|did not complete successfully/.test(step.error) &&
    !/exit code: \d+/.test(step.error)
  );
}

function tooMuchDisk(log: string, diskBytes: number): BuildFailure {
  const gigabytes = (diskBytes / 1024 ** 3).toFixed(1);
  return new BuildFailure(
    `The build took more than ${gigabytes} GiB of disk and was stopped.`,
    log,
    `more than ${gigabytes} GiB written`,
    "disk",
  );
}

async function unresolvedImage(
  ref: string,
  error: string,
  log: string,
  engine: Engine,
): Promise<Error> {
  const isUnknownThere =
    /not found|manifest unknown|pull access denied|insufficient_scope|invalid reference/i.test(
      error,
    ) && !/no such host/i.test(error);
  if (isUnknownThere) {
    return new BuildFailure(
      `The registry has no image \`${ref}\` (${error}). Look at the name and the tag.`,
      log,
      error,
    );
  }
  const present = (await imageStates(engine)).filter(({ state }) => state === "present");
  const here = present.flatMap(({ ref: known }) => [known, ...catalogueImage(known).aliases]);
  const detail = `The Dockerfile names \`${ref}\`, which is not on this machine, and no registry answers (${error}). On this machine are: ${here.join(", ")}.`;
  return new OnrampError("IMAGE_UNAVAILABLE", detail, {
    fix: `${codes.IMAGE_UNAVAILABLE.fix} Name one of them, or grade where a registry answers.`,
  });
}

function lastLine(log: string): string {
  return log.trimEnd().split("\n").at(-1) ?? "";
}
