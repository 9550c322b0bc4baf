import { codes } from "@onramp/errors/codes";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Engine } from "@onramp/engine/engine";
import { catalogueImage } from "@onramp/images/catalogue";
import { imageStates } from "@onramp/images/image-states";
import { requestEngine } from "@onramp/engine/engine-request";
import { dropBuildCacheSince } from "./build-cache.ts";
import { type BuildStep, exitCodeOf, imagesNamed, parseBuildLog } from "./build-log.ts";
import {
  BuildFailure,
  failedStep,
  lastLine,
  noSuchStage,
  outOfTime,
  tooMuchDisk,
  unreadable,
} from "./build-failure.ts";
import { mostDiskBytes, watchDisk } from "./disk-watch.ts";
import { useOwnFrontEnd, wantsNewerFrontEnd } from "./front-end.ts";
import { gradingLabel } from "./labels.ts";
import { canInstallPackages, looksLikeNetworkTrouble } from "./registry-canary.ts";
import { type BuildRun, readDockerfile, runBuild } from "./run-build.ts";
import { isImagesFault } from "./submission-container.ts";

/** An image that a submission's Dockerfile built. */
export interface BuiltImage {
  readonly tag: string;
  readonly steps: readonly BuildStep[];
  readonly log: string;
}

/** What a build may take, in milliseconds: the brief's 5 minutes. */
const buildLimitMs = 300_000;

/** The budget of a check that builds, in milliseconds: the build, and what is ours to find out after a failed one. */
export const buildCheckMs = buildLimitMs + 120_000;

export interface BuilderOptions {
  readonly engine: Engine;
  readonly gradingId: string;
  /** What a build may take, in milliseconds. 300,000 unless told. */
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
    const { engine, gradingId, withinMs = buildLimitMs, diskBytes = mostDiskBytes } = this.#options;
    this.#count += 1;
    const tag = `onramp-grading/${gradingId}:${this.#count}`;
    const start = new Date();
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
    signal.throwIfAborted();
    if (disk.signal.aborted) {
      await dropBuildCacheSince(engine, start);
      throw tooMuchDisk(run.log, diskBytes);
    }
    throw await this.#explain(run, steps, context, withinMs, signal);
  }

  async #explain(
    run: BuildRun,
    steps: readonly BuildStep[],
    context: string,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<Error> {
    const { engine, gradingId } = this.#options;
    const step = steps.findLast(({ error }) => error !== undefined);
    if (!(await doesAnswer(engine)) || (step === undefined && speaksOfLostEngine(run.log))) {
      return new OnrampError(
        "ENGINE_DIED",
        `The engine went away during a build: ${lastLine(run.log)}`,
      );
    }
    const unresolved = imagesNamed(steps).find(({ error }) => error !== undefined);
    const stage = unresolved && stageMeant(unresolved.ref, await readDockerfile(context));
    if (stage !== undefined) return noSuchStage(stage, run.log);
    if (unresolved?.error !== undefined)
      return unresolvedImage(unresolved.ref, unresolved.error, run.log, engine);
    const isNetwork = run.ended === "out of time" || looksLikeNetworkTrouble(run.log);
    if (isNetwork && !(await canInstallPackages(gradingId, signal))) {
      return new OnrampError(
        "REGISTRY_UNREACHABLE",
        `A package could not be fetched during the build, and a build of ours could not either: ${lastLine(run.log)}`,
      );
    }
    if (run.ended === "out of time") return outOfTime(run.log, steps, withinMs);
    if (isRunWithoutExitCode(step) && !isImagesFault(step?.error ?? "")) {
      return new OnrampError(
        "ENGINE_DIED",
        `The engine could not run a build step: ${step?.error}`,
      );
    }
    return step === undefined ? unreadable(run.log) : failedStep(step, run.log);
  }
}

/** A word behind `--from=` without a tag: a stage was meant, or an image of no version. */
function stageMeant(ref: string, dockerfile: string): string | undefined {
  const name = ref.replace(/:latest$/, "");
  return /[:/@]/.test(name) ||
    !new RegExp(`--?from=${RegExp.escape(name)}(?![\\w.:/-])`, "i").test(dockerfile)
    ? undefined
    : name;
}

/** An engine that is shutting down ends its steps as if they had been killed: ask it. */
async function doesAnswer(engine: Engine): Promise<boolean> {
  return requestEngine(engine, "/_ping", 10_000).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** The client's own words come last, after everything that steps printed. */
function speaksOfLostEngine(log: string): boolean {
  return /cannot connect to the docker daemon|error during connect|unexpected EOF|transport is closing|connection reset by peer/i.test(
    lastLine(log),
  );
}

/** A program that fails has an exit code; without one, it was the engine that could not start it. */
function isRunWithoutExitCode(step: BuildStep | undefined): boolean {
  if (step?.error === undefined || !/^\[.*?\] RUN\b/.test(step.name)) return false;
  return (
    /executor failed running|did not complete successfully/.test(step.error) &&
    exitCodeOf(step) === undefined
  );
}

/** Images of the catalogue that nobody builds upon. */
const toolImages = ["ryuk", "dockerfile"];

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
      "dockerfile",
    );
  }
  const present = (await imageStates(engine)).filter(({ state }) => state === "present");
  const here = present
    .filter(({ name }) => !toolImages.includes(name))
    .flatMap(({ ref: known }) => [known, ...catalogueImage(known).aliases])
    .filter((name) => !name.endsWith(":latest"));
  const detail = `The Dockerfile names \`${ref}\`, which is not on this machine, and no image registry answers (${error}). On this machine are: ${here.join(", ")}.`;
  return new OnrampError("IMAGE_UNAVAILABLE", detail, {
    fix: `${codes.IMAGE_UNAVAILABLE.fix} Name one of them, or grade where a registry answers.`,
  });
}
