import type Dockerode from "dockerode";
import { gradingLabel } from "./labels.ts";

/** Removes every container, network, volume and image that carries a grading's label. What is gone already is fine. */
export async function removeGrading(dockerode: Dockerode, gradingId: string): Promise<void> {
  const filters = { label: [`${gradingLabel}=${gradingId}`] };
  const containers = await dockerode.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) =>
      ignoreGone(dockerode.getContainer(Id).remove({ force: true, v: true })),
    ),
  );
  const networks = await dockerode.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => ignoreGone(dockerode.getNetwork(Id).remove())));
  const { Volumes } = await dockerode.listVolumes({ filters });
  await Promise.all(
    (Volumes ?? []).map(({ Name }) => ignoreGone(dockerode.getVolume(Name).remove())),
  );
  const images = await dockerode.listImages({ filters });
  await Promise.all(
    images.map(({ Id }) => ignoreGone(dockerode.getImage(Id).remove({ force: true }))),
  );
}

/** Waits for a removal; that a thing is gone, or that another removes it at this moment, is fine. */
export async function ignoreGone(removing: Promise<unknown>): Promise<void> {
  await removing.catch((error: unknown) => {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  });
}
