import { writeFile } from "node:fs/promises";
import type { Engine } from "@onramp/engine/engine";
import { ensureImages } from "@onramp/images/ensure-images";
import type { BuildStep } from "./build-log.ts";
import { readDockerfile } from "./run-build.ts";

const ownFrontEnd = "docker/dockerfile:1";
const syntaxLine = /^#\s*syntax\s*=\s*\S+[^\S\n]*$/m;
/** From 23.0 on, Docker's built-in front end reads heredocs and `COPY --link` without a `# syntax=` line. */
const firstModernEngine = 23;

/**
 * Whether a build failed for want of a newer Dockerfile front end: a `# syntax=` line that names one which cannot be
 * fetched, or syntax that an engine from before 2023 does not read by itself. Neither is the submission's fault.
 */
export function wantsNewerFrontEnd(
  steps: readonly BuildStep[],
  log: string,
  engine: Engine,
): boolean {
  if (
    steps.some(
      ({ name, error }) =>
        /^resolve image config for \S*docker\/dockerfile/.test(name) && error !== undefined,
    )
  ) {
    return true;
  }
  const isOld = Number.parseInt(engine.version, 10) < firstModernEngine;
  return isOld && /dockerfile parse error|unknown flag|unknown instruction/i.test(log);
}

/** Lets the context's Dockerfile be read by the front end that the kit can build itself. */
export async function useOwnFrontEnd(context: string, engine: Engine): Promise<void> {
  await ensureImages(["dockerfile"], { engine, onProgress: () => {} });
  await writeFile(`${context}/Dockerfile`, withFrontEnd(await readDockerfile(context)));
}

/** The Dockerfile's text with a line that names our front end, in the place of its own if it has one. */
export function withFrontEnd(dockerfile: string): string {
  const text = dockerfile.replace(/^\uFEFF/, "");
  const line = `# syntax=${ownFrontEnd}`;
  // Directives stand before everything else; below a comment, `# syntax=` is a comment too.
  const [directives = ""] = /^(#\s*\w[\w-]*\s*=.*\r?\n)*/.exec(text) ?? [];
  return syntaxLine.test(directives)
    ? directives.replace(syntaxLine, line) + text.slice(directives.length)
    : `${line}\n${text}`;
}
