/** Words that mean another image next month. */
const moving = new Set(["latest", "lts", "current", "stable", "edge", "nightly"]);
/** Names of releases of the distributions that images are commonly based on. */
const releases = ["buster", "bullseye", "bookworm", "trixie", "forky", "focal", "jammy", "noble"];

/** Whether an image's name says which version it is: by a digest, or by a tag with a version number or a release's name. */
export function isPinned(ref: string): boolean {
  if (ref.includes("@sha256:")) return true;
  const tag = /:([^:/]+)$/.exec(ref)?.[1];
  const parts = tag?.split("-") ?? [];
  if (tag === undefined || parts.some((part) => moving.has(part))) return false;
  return /\d/.test(tag) || parts.some((part) => releases.includes(part));
}
