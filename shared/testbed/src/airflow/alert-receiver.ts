import { readFile } from "node:fs/promises";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { type StartedTestContainer, Wait } from "testcontainers";
import { gradingLabel } from "../docker/labels.ts";
import { LoopbackContainer } from "../docker/loopback-container.ts";
import type { Testbed } from "../docker/testbed.ts";

const helperImage = "node:24-bookworm-slim";
const tellerPort = 8081;

/** A request that has reached the alert receiver. */
export interface ReceivedAlert {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** An HTTP server on the grading's internal network that keeps what it is sent. */
export class AlertReceiver implements AsyncDisposable {
  /** Where submissions find it. */
  readonly address = { host: "alerts", port: 8080 };
  readonly #testbed: Testbed;
  readonly #container: StartedTestContainer;

  constructor(testbed: Testbed, container: StartedTestContainer) {
    this.#testbed = testbed;
    this.#container = container;
  }

  /**
   * Everything that was sent so far, in its order.
   * @throws {OnrampError} SERVICE_DIED
   */
  async received(): Promise<ReceivedAlert[]> {
    const url = `http://${this.#container.getHost()}:${this.#container.getMappedPort(tellerPort)}`;
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return (await answer.json()) as ReceivedAlert[];
    } catch (error) {
      const message = `The alert receiver does not answer: ${messageOf(error)}.`;
      throw new OnrampError("SERVICE_DIED", message, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#testbed.remove(this.#container.getId());
  }
}

/** Starts the alert receiver of a grading, as `alerts` on its internal network. */
export async function startAlertReceiver(testbed: Testbed): Promise<AlertReceiver> {
  const program = await readFile(new URL("./alert-program.mjs", import.meta.url), "utf8");
  const container = await new LoopbackContainer(helperImage)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withEntrypoint(["node", "--input-type=module", "--eval", program])
    .withExposedPorts(tellerPort)
    .withResourcesQuota({ memory: 0.125 })
    .withWaitStrategy(Wait.forLogMessage("Alert receiver listens"))
    .start();
  const receiver = new AlertReceiver(testbed, container);
  await testbed.join(container.getId(), receiver.address.host);
  return receiver;
}
