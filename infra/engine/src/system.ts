import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";

/** What kind of machine this is, as far as installing programs goes. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** `Debian GNU/Linux 12 (bookworm)`, or the platform's name. */
  readonly title: string;
  /** True for Debian and what is made from it, with apt at hand. */
  readonly isDebianLike: boolean;
  readonly isRoot: boolean;
  readonly isWsl: boolean;
}

export function thisSystem(): System {
  const osRelease = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return describeSystem({
    platform: process.platform,
    osRelease,
    kernel: release(),
    uid: process.getuid?.() ?? -1,
  });
}

export function describeSystem(facts: {
  platform: NodeJS.Platform;
  /** The text of /etc/os-release, empty where there is none. */
  osRelease: string;
  kernel: string;
  uid: number;
}): System {
  const field = (name: string): string =>
    new RegExp(`^${name}="?(.*?)"?$`, "m").exec(facts.osRelease)?.[1] ?? "";
  const family = [field("ID"), ...field("ID_LIKE").split(" ")];
  return {
    platform: facts.platform,
    title: field("PRETTY_NAME") || facts.platform,
    isDebianLike:
      facts.platform === "linux" && (family.includes("debian") || family.includes("ubuntu")),
    isRoot: facts.uid === 0,
    isWsl: /microsoft/i.test(facts.kernel),
  };
}

/** How to come by a container engine on such a machine: what to type, in order. */
export function engineInstructions(system: System): string {
  const again = "then run `npx onramp doctor` again";
  if (system.platform === "darwin") {
    return `Install Docker Desktop, or \`brew install colima docker docker-buildx\` and \`colima start --cpu 2 --memory 8\`, ${again}.`;
  }
  if (system.platform === "win32") {
    return `Install Docker Desktop with the WSL 2 backend and work inside WSL, ${again}.`;
  }
  if (system.isWsl) {
    return (
      "Turn on this distribution under Docker Desktop → Settings → Resources → WSL integration" +
      (system.isDebianLike
        ? ", or run `sudo npx onramp doctor --fix` to install an engine inside it"
        : "") +
      `, ${again}.`
    );
  }
  if (system.isDebianLike) {
    return system.isRoot
      ? "Run `npx onramp doctor --fix`, which installs and starts one."
      : "Run `sudo npx onramp doctor --fix`, which installs and starts one, or `sudo apt-get install docker.io` and " +
          `\`sudo usermod -aG docker $USER\`, log in again, ${again}.`;
  }
  return `Install Docker Engine for ${system.title} (docs.docker.com/engine/install) with its buildx plugin, start it, ${again}.`;
}
