import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { findDockerCli } from "@onramp/engine/docker-cli";
import { useEngine } from "@onramp/engine/ensure-engine";
import type { Engine } from "@onramp/engine/engine";
import { findEngine } from "@onramp/engine/find-engine";
import { engineInstructions, thisSystem } from "@onramp/engine/system";
import { isOnrampError, messageOf } from "@onramp/errors/onramp-error";
import { catalogue } from "@onramp/images/catalogue";
import { ensureImages } from "@onramp/images/ensure-images";
import { imageStates } from "@onramp/images/image-states";
import { engineText, printProgress, startedEngine } from "../answering-engine.ts";
import { askOnTerminal, isAttended } from "../ask-on-terminal.ts";
import { findLeftovers, leftoverText, removeLeftovers } from "../leftovers.ts";
import { type Examination, type Finding, ok } from "./finding.ts";

const gibibyte = 2 ** 30;
/** Below the first no grading gets far; below the second the images of later stages will not fit. */
const diskBytes = { problem: 2 * gibibyte, warning: 10 * gibibyte };
const memoryBytes = 2 * gibibyte;

/** Everything that is on the engine or about it. Where none answers only the first says so. */
export const engineExaminations: readonly Examination[] = [
  { name: "Engine", look: lookAtEngine },
  { name: "Builds", look: withEngine(lookAtBuilds) },
  { name: "Images", look: withEngine(lookAtImages) },
  { name: "Disk", look: withEngine(lookAtDisk) },
  { name: "Memory", look: withEngine(async (engine) => lookAtMemory(engine)) },
  { name: "Leftovers", look: withEngine(lookAtLeftovers) },
];

async function lookAtEngine(): Promise<Finding> {
  const mend = async (signal: AbortSignal) => void (await startedEngine(signal));
  try {
    const engine = await findEngine();
    if (engine) {
      useEngine(engine);
      return ok(engineText(engine));
    }
  } catch (error) {
    if (!isOnrampError(error)) throw error;
    return { level: "problem", detail: error.message, fix: error.fix };
  }
  const fix = engineInstructions(thisSystem());
  return { level: "problem", detail: "No container engine answers.", fix, mend };
}

function withEngine(look: (engine: Engine) => Promise<Finding>): () => Promise<Finding> {
  return async () => {
    const engine = await findEngine().catch(() => undefined);
    return engine === undefined
      ? { level: "warning", detail: "not looked at: no engine answers" }
      : look(engine);
  };
}

async function lookAtBuilds(): Promise<Finding> {
  try {
    const able = await findDockerCli();
    const typed = (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "docker"))
      .find((path) => existsSync(path));
    if (typed === undefined || typed === able) return ok(`${able} builds with BuildKit`);
    return {
      level: "warning",
      detail: `${able} builds with BuildKit and is what grading uses; the \`docker\` that you type is ${typed}, which cannot build here`,
      fix: `To build by hand, type \`export PATH=${dirname(able)}:$PATH\` first.`,
    };
  } catch (error) {
    if (!isOnrampError(error)) throw error;
    return { level: "problem", detail: error.message, fix: error.fix };
  }
}

async function lookAtImages(engine: Engine): Promise<Finding> {
  const missing = (await imageStates(engine)).filter(({ state }) => state !== "present");
  if (missing.length === 0) return ok(`all ${catalogue().length} are here`);
  const mend = async (signal: AbortSignal) => {
    const consent = isAttended() ? askOnTerminal : undefined;
    const names = missing.map(({ name }) => name);
    await ensureImages(names, { engine, onProgress: printProgress, consent, signal });
  };
  return {
    level: "warning",
    detail: missing.map(({ ref, state }) => `${ref} is ${state}`).join(", "),
    fix: "The first grading that needs them pulls or builds them; `npx onramp doctor --fix` does it now.",
    mend,
  };
}

async function lookAtDisk(engine: Engine): Promise<Finding> {
  if (!engine.isLocal) return ok("not looked at: the engine is on another machine");
  let free: number;
  try {
    const { bavail, bsize } = await statfs(engine.dataRoot);
    free = bavail * bsize;
  } catch {
    // Docker Desktop and the like keep it inside a virtual machine.
    return ok(`not looked at: ${engine.dataRoot} cannot be seen from here`);
  }
  const detail = `${(free / gibibyte).toFixed(1)} GiB free in ${engine.dataRoot}`;
  if (free >= diskBytes.warning) return ok(detail);
  const level = free < diskBytes.problem ? "problem" : "warning";
  return { level, detail, fix: "Free some space; `npx onramp clean --images` helps." };
}

function lookAtMemory(engine: Engine): Finding {
  const detail = `${(engine.memoryBytes / gibibyte).toFixed(1)} GiB for containers`;
  return engine.memoryBytes >= memoryBytes
    ? ok(detail)
    : {
        level: "warning",
        detail,
        fix: "Give the engine's machine at least 2 GiB; later stages need 6.",
      };
}

async function lookAtLeftovers(engine: Engine): Promise<Finding> {
  try {
    const dockerode = await connectDockerode(engine);
    const leftovers = await findLeftovers(dockerode);
    if (leftovers.length === 0) return ok("none");
    return {
      level: "warning",
      detail: leftovers
        .map((left) => `grading ${left.gradingId}: ${leftoverText(left)}`)
        .join("; "),
      fix: "Run `npx onramp clean`.",
      mend: () => removeLeftovers(dockerode, leftovers),
    };
  } catch (error) {
    return { level: "warning", detail: `The engine would not tell: ${messageOf(error)}` };
  }
}
