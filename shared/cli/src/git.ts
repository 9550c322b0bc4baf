import { OnrampError, messageOf } from "@onramp/errors/onramp-error";

/** What a Git command ended with. */
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `git` in a directory and returns what it said, also when it failed.
 * A repository that the surroundings name (as within a Git hook) is not taken for the one of `directory`.
 * @throws {OnrampError} TOOL_MISSING when there is no `git`
 */
export async function tryGit(
  directory: string,
  args: readonly string[],
  options: { input?: string } = {},
): Promise<GitResult> {
  const { execa } = await import("execa");
  const result = await execa("git", args, {
    cwd: directory,
    reject: false,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
    env: {
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_INDEX_FILE: undefined,
      GIT_PREFIX: undefined,
      GIT_TERMINAL_PROMPT: process.stdin.isTTY ? undefined : "0",
    },
  });
  if (result.exitCode === undefined) {
    if (result.code === "ENOENT") {
      throw new OnrampError("TOOL_MISSING", "There is no `git` on this machine.", {
        fix: "Install Git (on Debian and Ubuntu: `apt-get install git`), then run the command again.",
      });
    }
    throw new OnrampError("SUBMIT_FAILED", `git ${args[0]} was ended: ${messageOf(result)}`);
  }
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/**
 * Runs `git` in a directory and returns its stdout without the last newline.
 * @throws {OnrampError} SUBMIT_FAILED with Git's own words when it fails
 */
export async function git(
  directory: string,
  args: readonly string[],
  options: { input?: string } = {},
): Promise<string> {
  const result = await tryGit(directory, args, options);
  if (result.exitCode !== 0) {
    const said = `${result.stderr}${result.stdout}`.trimEnd().replaceAll(/^/gm, "  ");
    const detail = `\`git ${args.join(" ")}\` failed in ${directory}:\n${said}`;
    throw new OnrampError("SUBMIT_FAILED", withoutPasswords(detail));
  }
  return result.stdout.replace(/\n$/, "");
}

/** The text with no password or token in any URL of it. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, "$1");
}
