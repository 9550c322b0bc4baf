import type Dockerode from "dockerode";
import { gradingLabel } from "@onramp/testbed/docker/labels";
import { removeGrading } from "@onramp/testbed/docker/remove-grading";

/** What a grading left on the engine. */
export interface Leftover {
  readonly gradingId: string;
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
  readonly images: number;
}

/** The label of a grading's reaper, which lives as long as its grading does. */
const reaperLabel = "dev.onramp.reaper";

/**
 * What gradings left that run no longer: those that were killed while the engine was away, or that `grade --keep`
 * left on purpose. A grading whose reaper runs is still at work (or its reaper is).
 */
export async function findLeftovers(dockerode: Dockerode): Promise<Leftover[]> {
  const filters = { label: [gradingLabel] };
  const [reapers, containers, networks, volumes, images] = await Promise.all([
    dockerode.listContainers({ filters: { label: [reaperLabel], status: ["running"] } }),
    dockerode.listContainers({ all: true, filters }),
    dockerode.listNetworks({ filters }),
    dockerode.listVolumes({ filters }),
    dockerode.listImages({ filters }),
  ]);
  const alive = new Set(reapers.map(({ Labels }) => Labels[reaperLabel]));
  const found = { containers, networks, volumes: volumes.Volumes ?? [], images };
  const idOf = ({ Labels }: { Labels?: Record<string, string> | null }) => Labels?.[gradingLabel];
  const ids = new Set(
    Object.values(found)
      .flat()
      .map((thing) => idOf(thing))
      .filter((id) => id !== undefined && !alive.has(id)),
  );
  const countOf = (things: readonly { Labels?: Record<string, string> | null }[], id?: string) =>
    things.filter((thing) => idOf(thing) === id).length;
  return [...ids].map((id = "") => ({
    gradingId: id,
    containers: countOf(found.containers, id),
    networks: countOf(found.networks, id),
    volumes: countOf(found.volumes, id),
    images: countOf(found.images, id),
  }));
}

/** Removes them. What another process removes at the same time is fine. */
export async function removeLeftovers(
  dockerode: Dockerode,
  leftovers: readonly Leftover[],
): Promise<void> {
  for (const { gradingId } of leftovers) await removeGrading(dockerode, gradingId);
}

/** `2 containers, 1 network`. */
export function leftoverText({ containers, networks, volumes, images }: Leftover): string {
  return Object.entries({
    container: containers,
    network: networks,
    volume: volumes,
    image: images,
  })
    .filter(([, count]) => count > 0)
    .map(([noun, count]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
    .join(", ");
}
