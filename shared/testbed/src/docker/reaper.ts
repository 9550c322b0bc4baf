import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { type ContainerRuntimeClient, type StartedTestContainer, Wait } from "testcontainers";
import { gradingLabel } from "./labels.ts";
import { LoopbackContainer } from "./loopback-container.ts";
import { ignoreGone } from "./remove-grading.ts";

/** Frees what a grading left, however the grading ended. */
export interface Reaper extends AsyncDisposable {
  readonly containerId: string;
}

const protocolPort = 8080;

/**
 * Starts a reaper for one grading and holds its connection. When this process dies, the connection closes, and ten
 * seconds later the reaper removes every container, network, volume and image that carries the grading's label.
 * Protocol: https://github.com/testcontainers/moby-ryuk
 */
export async function startReaper(
  client: ContainerRuntimeClient,
  image: string,
  gradingId: string,
): Promise<Reaper> {
  const container = await new LoopbackContainer(image)
    .withLabels({ "dev.onramp.reaper": gradingId })
    .withExposedPorts(protocolPort)
    .withBindMounts([
      { source: client.info.containerRuntime.remoteSocketPath, target: "/var/run/docker.sock" },
    ])
    .withAutoRemove(true)
    .withWaitStrategy(Wait.forLogMessage(/Started/))
    .start();
  const socket = await introduce(container, gradingId);
  return {
    containerId: container.getId(),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      const started = client.container.dockerode.getContainer(container.getId());
      // The engine removes it too, once it has ended.
      await ignoreGone(started.remove({ force: true, v: true }));
    },
  };
}

async function introduce(container: StartedTestContainer, gradingId: string): Promise<Socket> {
  const socket = connect(container.getMappedPort(protocolPort), container.getHost());
  // The reaper does its work whether or not we hear that the connection is gone.
  socket.on("error", () => {});
  try {
    await once(socket, "connect");
    socket.write(`label=${gradingLabel}=${gradingId}\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (!answer.toString().startsWith("ACK"))
      throw new Error(`it answered ${JSON.stringify(answer.toString())}`);
    // Only the connection counts: it must not keep this process alive.
    socket.unref();
    return socket;
  } catch (error) {
    throw new OnrampError(
      "GRADER_BUG",
      `The reaper does not take the grading's label: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
