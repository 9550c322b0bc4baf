import { cp } from "node:fs/promises";
import { join } from "node:path";
import { CheckFailure } from "@onramp/grading/check-failure";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Builder } from "../docker/builder.ts";

const source = "https://git.fleet.example/fleet/trip-api";
/** The versions of trip-api that a cluster has. They differ in their label alone. */
const versions = ["1.4.0", "1.5.0"];

/** What pods call trip-api's image. */
export function tripApiImage(version: string): string {
  return `registry.fleet.example/trip-api:${version}`;
}

/**
 * Builds every version of trip-api from the reference answer of stage 01.
 * @param stage the directory of stage 01
 * @param scratchDirectory where the build context is laid
 * @returns the names that pods have for them, with those of the engine
 * @throws {OnrampError} IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function buildTripApi(
  builder: Builder,
  stage: string,
  scratchDirectory: string,
): Promise<Map<string, string>> {
  const context = join(scratchDirectory, "trip-api");
  for (const part of ["starter", "solution"])
    await cp(join(stage, part), context, { recursive: true });
  const images = new Map<string, string>();
  const never = new AbortController().signal;
  for (const version of versions) {
    try {
      const labels = { IMAGE_SOURCE: source, IMAGE_VERSION: version };
      const { tag } = await builder.build(context, labels, never);
      images.set(tripApiImage(version), tag);
    } catch (error) {
      if (!(error instanceof CheckFailure)) throw error;
      const message = `trip-api's image: ${error.message}`;
      throw new OnrampError("IMAGE_BUILD_FAILED", message, { cause: error });
    }
  }
  return images;
}
