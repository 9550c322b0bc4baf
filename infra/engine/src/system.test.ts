import { expect, test } from "vitest";
import { describeSystem, engineInstructions } from "./system.ts";

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const ubuntu = 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n';
const fedora = 'PRETTY_NAME="Fedora Linux 42"\nID=fedora\n';
const linux = { platform: "linux", kernel: "6.1.0", uid: 1000 } as const;

test("knows a Debian, what is made from it, and what is not", () => {
  expect(describeSystem({ ...linux, osRelease: debian, uid: 0 })).toEqual({
    platform: "linux",
    title: "Debian GNU/Linux 12 (bookworm)",
    isDebianLike: true,
    isRoot: true,
    isWsl: false,
  });
  expect(describeSystem({ ...linux, osRelease: ubuntu }).isDebianLike).toBe(true);
  expect(describeSystem({ ...linux, osRelease: fedora }).isDebianLike).toBe(false);
});

test.each([
  ["Debian without root", { ...linux, osRelease: debian }, "sudo npx onramp doctor --fix"],
  ["another Linux", { ...linux, osRelease: fedora }, "Install Docker Engine for Fedora Linux 42"],
  [
    "WSL",
    { ...linux, osRelease: ubuntu, kernel: "5.15.0-microsoft-standard-WSL2" },
    "WSL integration",
  ],
  ["macOS", { ...linux, platform: "darwin", osRelease: "" }, "brew install colima"],
] as const)("tells what to type on %s", (_, facts, command) => {
  expect(engineInstructions(describeSystem(facts))).toContain(command);
});
