/** One step of a build, as BuildKit tells it in plain progress. */
export interface BuildStep {
  /** "[build 3/5] RUN npm ci" */
  readonly name: string;
  readonly isCached: boolean;
  /** What follows "ERROR:", if the step failed. */
  readonly error: string | undefined;
  /** True when the step came to an end: done, cached or failed. */
  readonly isDone: boolean;
  readonly output: string;
}

/**
 * Reads the steps out of `docker build --progress=plain`.
 * Lines are `#7 [build 3/5] RUN npm ci` (the name comes first), `#7 0.42 output`, `#7 CACHED`, `#7 DONE 0.5s`,
 * `#7 ERROR: …`. What a command prints stands behind its step's number and time, so no command can write such a line.
 */
export function parseBuildLog(log: string): BuildStep[] {
  const steps = new Map<
    string,
    {
      name: string;
      isCached: boolean;
      isDone: boolean;
      error: string | undefined;
      output: string;
    }
  >();
  // The command of a heredoc has several lines, and so has the error that repeats it.
  let failing: { error: string | undefined } | undefined;
  for (const line of log.split("\n")) {
    const [, number, text] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (number === undefined || text === undefined) {
      if (line.startsWith("------")) failing = undefined;
      else if (failing !== undefined && line !== "") failing.error += `\n${line}`;
      continue;
    }
    // What looks like a step inside an error is the text of a command, which may say what it likes.
    if (failing !== undefined && !isWhole(failing.error)) continue;
    failing = undefined;
    const step = steps.get(number);
    if (step === undefined) {
      steps.set(number, {
        name: text,
        isCached: false,
        isDone: false,
        error: undefined,
        output: "",
      });
    } else if (text === "CACHED") {
      step.isCached = true;
      step.isDone = true;
    } else if (text.startsWith("DONE ")) {
      step.isDone = true;
    } else if (text.startsWith("ERROR: ")) {
      step.error = text.slice("ERROR: ".length);
      step.isDone = true;
      failing = step;
    } else {
      const [, output] = /^\d+\.\d+ (.*)$/.exec(text) ?? [];
      if (output !== undefined) step.output += `${output}\n`;
    }
  }
  return markFailed([...steps.values()], log);
}

/** An error that repeats a command of several lines ends with its exit code. */
function isWhole(error: string | undefined): boolean {
  return (
    !/^(executor failed running|process ")/.test(error ?? "") || /exit code: \d+$/.test(error ?? "")
  );
}

/**
 * Two builds that run the same step at the same time share it, and only one of them may be told that it failed. The
 * client's own last words tell both: `executor failed running [/bin/sh -c npm ci]: exit code: 1`.
 */
function markFailed(steps: BuildStep[], log: string): BuildStep[] {
  if (steps.some(({ error }) => error !== undefined)) return steps;
  const last =
    log
      .trimEnd()
      .split(/^-{6,}$/m)
      .at(-1) ?? "";
  const [, error] =
    /((?:executor failed running|process ".*" did not complete).* exit code: \d+)$/s.exec(last) ??
    [];
  if (error === undefined) return steps;
  const [, command] = /\/bin\/sh -c (.*?)(?:\]:|" did not)/s.exec(error) ?? [];
  const failed =
    steps.findLast(({ name }) => name.endsWith(` RUN ${command}`)) ??
    steps.findLast(({ name, isDone }) => !isDone && /\] RUN\b/.test(name));
  return steps.map((step) => (step === failed ? { ...step, error, isDone: true } : step));
}

/** The exit code of the command of a failed step, or undefined when it was no command that failed. */
export function exitCodeOf(step: BuildStep | undefined): number | undefined {
  const [, code] = /exit code: (\d+)$/.exec(step?.error ?? "") ?? [];
  return code === undefined ? undefined : Number(code);
}

/**
 * The images that a build named, as the builder looked them up: `node:24-bookworm-slim`, in the short form.
 * Older builders tell those of `COPY --from` and `--mount from=` by their FROM step alone.
 */
export function imagesNamed(
  steps: readonly BuildStep[],
): { ref: string; error: string | undefined }[] {
  const found = new Map<string, string | undefined>();
  for (const { name, error } of steps) {
    const [, ref] = /^\[internal\] load metadata for (\S+)$/.exec(name) ?? [];
    if (ref !== undefined) found.set(shortReference(ref), error);
  }
  const known = new Set([...found.keys()].map(withoutDigest));
  for (const { name, error } of steps) {
    const [, ref] = /^(?:\[[^\]]*\] )?(?:FROM |docker-image:\/\/)(\S+)$/.exec(name) ?? [];
    if (ref !== undefined && !known.has(withoutDigest(shortReference(ref))))
      found.set(shortReference(ref), error);
  }
  return [...found].map(([ref, error]) => ({ ref, error }));
}

/** A FROM step shows the digest that its tag stands for now. */
function withoutDigest(ref: string): string {
  return ref.replace(/@sha256:.*$/, "");
}

/** `docker.io/library/node:24` as people write it: `node:24`. */
export function shortReference(ref: string): string {
  return ref.replace(/^docker\.io\/(library\/)?/, "");
}
