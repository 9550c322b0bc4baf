import { createHash, randomBytes } from "node:crypto";

/** Values that look random and come from one text, so that `--seed` replays a run. */
export interface Seed {
  readonly text: string;
  /** A whole number from `least` to `most`, both included; the same for the same label. */
  integer(label: string, least: number, most: number): number;
  /** 64 bytes. */
  bytes(label: string): Buffer;
  /** Lower-case hexadecimal digits. */
  hex(label: string, length: number): string;
}

/** A new seed's text: 8 hexadecimal digits. */
export function randomSeed(): string {
  return randomBytes(4).toString("hex");
}

/** The values that come from a seed's text. */
export function seedFrom(text: string): Seed {
  const digest = (label: string): Buffer =>
    createHash("sha512").update(`${text}\0${label}`).digest();
  return {
    text,
    bytes: digest,
    integer: (label, least, most) => least + (digest(label).readUInt32BE() % (most - least + 1)),
    hex: (label, length) => digest(label).toString("hex").slice(0, length),
  };
}

/** A random UUID (version 4) whose random bits are the first 16 of these bytes. */
export function uuidOf(bytes: Buffer): string {
  const digits = bytes.toString("hex", 0, 16);
  const variant = (8 + (Number.parseInt(digits[16] ?? "0", 16) % 4)).toString(16);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
  ];
  return [...parts, digits.slice(20, 32)].join("-");
}
