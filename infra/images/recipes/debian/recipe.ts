import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "@onramp/engine/apt-install";
import { thisSystem } from "@onramp/engine/system";
import { OnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";
import { runInGroup } from "../../src/run-in-group.ts";
import type { PrepareRecipe } from "../../src/recipe.ts";

const rootImage = "onramp/debian-rootfs:bookworm";
const archiveKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

// What Debian's own slim image leaves out.
const dpkgOptions = [
  "force-unsafe-io",
  "path-exclude=/usr/share/doc/*",
  "path-include=/usr/share/doc/*/copyright",
  "path-exclude=/usr/share/info/*",
  "path-exclude=/usr/share/locale/*",
  "path-exclude=/usr/share/man/*",
  "path-exclude=/usr/share/groff/*",
  "path-exclude=/usr/share/lintian/*",
  "path-exclude=/usr/share/linda/*",
];

/** The name that Debian's own image has its sources under. */
const renameSources = `--customize-hook=mv "$1/etc/apt/sources.list.d/0000debian.sources" "$1/etc/apt/sources.list.d/debian.sources"`;

const debianArchitectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Makes Debian's root file system from its packages and hands it to the engine as the image that the Dockerfile builds on. */
export const prepareDebian: PrepareRecipe = async ({
  image,
  folder,
  engine,
  docker,
  host,
  onProgress,
  signal,
}) => {
  const sources = host.debianSources === undefined ? undefined : join(folder, "debian.sources");
  if (sources !== undefined) await writeFile(sources, host.debianSources ?? "");
  await writeFile(join(folder, "host-certificates.pem"), host.certificates);
  await ensureMmdebstrap(image.ref, onProgress, signal);

  onProgress("installing Debian's packages");
  const tar = join(folder, "rootfs.tar");
  await bootstrap(sources, tar, engine.architecture, signal);
  onProgress("handing it to the engine");
  await execa(docker.path, ["import", tar, rootImage], { env: docker.env, cancelSignal: signal });
  // Not for the build: the context is sent to the engine.
  await rm(tar);
  return async () => {
    await execa(docker.path, ["rmi", rootImage], { env: docker.env, reject: false });
  };
};

async function bootstrap(
  sources: string | undefined,
  tar: string,
  architecture: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), "onramp-debian-"));
  // In its root mode mmdebstrap unpacks as another user.
  await chmod(temporary, 0o755);
  try {
    const result = await runInGroup(
      "mmdebstrap",
      [
        "--variant=minbase",
        `--architectures=${debianArchitectures[architecture] ?? architecture}`,
        "--include=ca-certificates",
        ...(sources === undefined ? [] : [renameSources]),
        ...dpkgOptions.map((option) => `--dpkgopt=${option}`),
        "bookworm",
        tar,
        ...(sources === undefined ? [] : [sources]),
      ],
      { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, TMPDIR: temporary },
      signal,
    );
    if (result.failed) {
      const tail = result.all.trimEnd().split("\n").slice(-20).join("\n");
      throw new OnrampError(
        "IMAGE_BUILD_FAILED",
        `mmdebstrap could not make Debian's root file system:\n${tail}`,
      );
    }
  } finally {
    // When it was killed, something may still be mounted in there.
    await execa("rm", ["-rf", "--one-file-system", temporary], { reject: false });
  }
}

async function ensureMmdebstrap(
  ref: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hasProgram = ["/usr/bin/mmdebstrap", "/usr/local/bin/mmdebstrap"].some((path) =>
    existsSync(path),
  );
  if (hasProgram && existsSync(archiveKeyring)) return;
  const system = thisSystem();
  if (!system.isDebianLike || !system.isRoot) {
    throw new OnrampError(
      "IMAGE_UNAVAILABLE",
      `${ref} can be built on Debian or Ubuntu only, with mmdebstrap, which root has to install; this is ${system.title}.`,
      {
        fix: "On a Debian machine run `npx onramp images build` and `npx onramp images save FILE`; here run `npx onramp images load FILE`.",
      },
    );
  }
  await aptInstall(["mmdebstrap", "debian-archive-keyring"], {
    onProgress,
    signal,
    errorCode: "IMAGE_BUILD_FAILED",
  });
}
