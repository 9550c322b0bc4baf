import type { Exercise } from "@onramp/exercise/load-exercise";
import { serviceImages } from "@onramp/testbed/services";

/** The names of the images that an exercise's grader needs, each once. */
export function imagesOf({ manifest }: Exercise): string[] {
  return [...new Set(manifest.needs.flatMap((service) => serviceImages[service] ?? []))];
}
