import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { type ErrorCode } from "@onramp/errors/codes";
import { OnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";

const policyFile = "/usr/sbin/policy-rc.d";
/** Says that no service may be started, and whose file it is: one that was left behind is known by it. */
const ownPolicy = "#!/bin/sh\n# Of Onramp, while it installs packages.\nexit 101\n";

export interface AptOptions {
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** The code of the error when it fails. */
  readonly errorCode: ErrorCode;
  /** Packages that are taken along where the distribution has them. */
  readonly optional?: readonly string[];
}

/** Installs Debian packages as root, without their recommendations and without starting any service. */
export async function aptInstall(packages: readonly string[], options: AptOptions): Promise<void> {
  options.onProgress(`installing ${packages.join(", ")} with apt-get`);
  await apt(["update"], options);
  const known = await Promise.all(
    (options.optional ?? []).map(async (name) => ((await isKnown(name)) ? [name] : [])),
  );
  // What a package starts by itself would run with the distribution's settings, not with ours.
  const hasPolicy = existsSync(policyFile) && (await readFile(policyFile, "utf8")) !== ownPolicy;
  if (!hasPolicy) await writeFile(policyFile, ownPolicy, { mode: 0o755 });
  try {
    await apt(["install", "-y", "--no-install-recommends", ...packages, ...known.flat()], options);
  } finally {
    if (!hasPolicy) await rm(policyFile, { force: true });
  }
}

async function isKnown(name: string): Promise<boolean> {
  const { stdout } = await execa("apt-cache", ["show", "--no-all-versions", name], {
    reject: false,
    stderr: "ignore",
  });
  return stdout.trim() !== "";
}

async function apt(arguments_: readonly string[], options: AptOptions): Promise<void> {
  const result = await execa("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...arguments_], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "ignore",
    all: true,
    reject: false,
    cancelSignal: options.signal,
  });
  options.signal?.throwIfAborted();
  if (result.failed) {
    const tail = result.all.split("\n").slice(-15).join("\n");
    throw new OnrampError(options.errorCode, `apt-get ${arguments_.join(" ")} failed:\n${tail}`);
  }
}
