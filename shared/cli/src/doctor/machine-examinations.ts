import { existsSync } from "node:fs";
import { join } from "node:path";
import { isOnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";
import { tryGit } from "../git.ts";
import { workDirectory } from "../repository.ts";
import { ensureWorkRepository } from "../work-repository.ts";
import { type Examination, type Finding, ok } from "./finding.ts";

/** Everything that is about the machine apart from its engine. */
export const machineExaminations: readonly Examination[] = [
  { name: "Node", look: async () => ok(`${process.version}, ${process.execPath}`) },
  { name: "Registry", look: lookAtRegistry },
  { name: "Work", look: lookAtWork },
];

/** Asks as a build will: through npm, with the proxy, mirror and certificates that it is set up with. */
async function lookAtRegistry(): Promise<Finding> {
  const npm = (...args: string[]) =>
    execa("npm", args, { reject: false, timeout: 20_000, stdin: "ignore", env: { NO_COLOR: "1" } });
  const [{ stdout: registry }, view] = await Promise.all([
    npm("config", "get", "registry"),
    npm("view", "commander", "version", "--fetch-retries=0"),
  ]);
  if (!view.failed) return ok(`npm packages come from ${new URL(registry).host}`);
  const reason = view.timedOut
    ? "it did not answer within 20 s"
    : (/^npm error (?!code)(.*)$/m.exec(view.stderr)?.[1] ?? view.shortMessage);
  return {
    level: "warning",
    detail: `${registry} does not give packages: ${reason}`,
    fix: "Builds that install packages cannot be graded without it. Check the network, the proxy and `npm config get registry`.",
  };
}

async function lookAtWork(): Promise<Finding> {
  try {
    const { exitCode } = await tryGit(join(workDirectory, ".."), ["--version"]);
    if (exitCode !== 0) throw new Error("git --version failed");
  } catch (error) {
    const detail = "There is no `git`: work can be graded, but not submitted.";
    const fix = isOnrampError(error) ? error.fix : "Install Git.";
    return { level: "warning", detail, fix };
  }
  if (!existsSync(workDirectory)) return ok("no work yet; `npx onramp start` begins it");
  const { exitCode } = await tryGit(workDirectory, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  if (existsSync(join(workDirectory, ".git")) && exitCode === 0) return ok(workDirectory);
  return {
    level: "warning",
    detail: `${workDirectory} is no Git repository with a commit: nothing of it can be submitted.`,
    fix: "Run `npx onramp doctor --fix`.",
    mend: async () => void (await ensureWorkRepository()),
  };
}
