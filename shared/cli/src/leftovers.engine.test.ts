import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { ensureImages } from "@onramp/images/ensure-images";
import { gradingLabel } from "@onramp/testbed/docker/labels";
import { afterEach, beforeAll, expect, test } from "vitest";
import { findLeftovers, leftoverText, removeLeftovers } from "./leftovers.ts";

const gradingId = `leftovers-test-${process.pid}`;
const labels = { [gradingLabel]: gradingId };
let dockerode: Awaited<ReturnType<typeof connectDockerode>>;

beforeAll(async () => {
  const options = { onProgress: () => {}, isInteractive: false };
  const engine = await ensureEngine(options);
  await ensureImages(["debian"], { engine, ...options });
  dockerode = await connectDockerode(engine);
});

afterEach(async () => {
  const filters = { label: [`dev.onramp.reaper=${gradingId}`] };
  for (const { Id } of await dockerode.listContainers({ all: true, filters }))
    await dockerode.getContainer(Id).remove({ force: true });
  await removeLeftovers(dockerode, [
    { gradingId, containers: 0, networks: 0, volumes: 0, images: 0 },
  ]);
});

async function ours() {
  return (await findLeftovers(dockerode)).find((leftover) => leftover.gradingId === gradingId);
}

async function leaveBehind(): Promise<void> {
  await dockerode.createNetwork({ Name: gradingId, Labels: labels, Internal: true });
  await dockerode.createVolume({ Name: gradingId, Labels: labels });
  await dockerode.createContainer({ Image: "debian:bookworm-slim", Cmd: ["true"], Labels: labels });
}

test("finds what a dead grading left, and removes it", async () => {
  await leaveBehind();
  const leftover = await ours();
  expect(leftover && leftoverText(leftover)).toBe("1 container, 1 network, 1 volume");
  await removeLeftovers(dockerode, leftover ? [leftover] : []);
  expect(await ours()).toBeUndefined();
});

test("does not see a grading whose reaper lives", async () => {
  await leaveBehind();
  const reaper = await dockerode.createContainer({
    Image: "debian:bookworm-slim",
    Cmd: ["sleep", "60"],
    Labels: { "dev.onramp.reaper": gradingId },
  });
  await reaper.start();
  expect(await ours()).toBeUndefined();
  await reaper.kill();
  expect(await ours()).toBeDefined();
});
