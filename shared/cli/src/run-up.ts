import { connectDockerode } from "@onramp/engine/connect-dockerode";
import { ensureImages } from "@onramp/images/ensure-images";
import { keepRunning, type RunningService } from "@onramp/testbed/kept/keep-running";
import { printProgress, startedEngine } from "./answering-engine.ts";
import { askOnTerminal, isAttended } from "./ask-on-terminal.ts";
import { chooseServices } from "./service-choice.ts";

/**
 * Has engine, images and services ready that were asked for by name.
 * @throws {OnrampError} for wrong usage, and when one of them cannot be made ready
 */
export async function runUp(
  typed: readonly string[],
  signal: AbortSignal,
): Promise<RunningService[]> {
  const { services, contents } = await chooseServices(typed);
  const engine = await startedEngine(signal);
  await ensureImages(
    services.flatMap(({ images }) => images),
    {
      engine,
      signal,
      onProgress: printProgress,
      consent: isAttended() ? askOnTerminal : undefined,
    },
  );
  const dockerode = await connectDockerode(engine);
  return keepRunning(services, {
    engine,
    dockerode,
    contents,
    signal,
    onProgress: printProgress,
  });
}
