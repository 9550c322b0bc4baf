import { readFile } from "node:fs/promises";

// In the order of their bits: linux/capability.h.
const names = (
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
  "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN " +
  "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE " +
  "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
).split(" ");

/**
 * The capabilities that this machine withholds from every process, root's too: those missing from the bounding set.
 * @param status the text of /proc/self/status
 * @param last the highest bit that the kernel knows, from /proc/sys/kernel/cap_last_cap
 */
export function withheldCapabilities(status: string, last: number): string[] {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (bounding === undefined) return [];
  const bits = BigInt(`0x${bounding}`);
  return names
    .slice(0, last + 1)
    .filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 0n)
    .map((name) => `CAP_${name}`);
}

/** {@link withheldCapabilities} of this machine. */
export async function withheldHere(): Promise<string[]> {
  const [status, last] = await Promise.all([
    readFile("/proc/self/status", "utf8"),
    readFile("/proc/sys/kernel/cap_last_cap", "utf8"),
  ]);
  return withheldCapabilities(status, Number(last));
}
