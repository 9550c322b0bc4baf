/** Names of releases of the distributions that images are commonly based on. */
const releases = ["buster", "bullseye", "bookworm", "trixie", "forky", "focal", "jammy", "noble"];

/** Whether an image's name says which version it is: by a digest, or by a tag with a version number or a release's name. */
export function isPinned(ref: string): boolean {
  if (ref.includes("@sha256:")) return true;
  const tag = /:([^:/]+)$/.exec(ref)?.[1];
  if (tag === undefined || tag === "latest") return false;
  return /\d/.test(tag) || tag.split("-").some((part) => releases.includes(part));
}
