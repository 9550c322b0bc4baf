import { setTimeout as pause } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import { describe, log } from "./log.ts";

const pauseMs = 1000;

export type CrashHandlers = {
  /** The client is no member of the group any more. */
  crashed: () => void;
  /** Starts the client anew, unless nobody wants that any more. */
  restart: () => Promise<void>;
  /** A new start would end in the same way. */
  failed: (error: Error) => void;
};

/**
 * Sees to it that a consumer that has crashed is started again. The client does that by itself after most of what
 * passes, and not after all of it: of a broker that is shutting down it says "Failed to find group coordinator", takes
 * that for final and stays ended, while the process lives on and does nothing.
 */
export function outliveCrashes(consumer: Consumer, handlers: CrashHandlers): void {
  consumer.on(consumer.events.CRASH, async ({ payload: { error, restart } }) => {
    handlers.crashed();
    log("warn", "the consumer has crashed", { error: describe(error), restartsByItself: restart });
    if (restart) return;
    if (!isFromTheClient(error)) {
      handlers.failed(error);
      return;
    }
    await pause(pauseMs);
    await handlers.restart();
  });
}

/** Whether this began as an error of the client, and not as one of the code that it calls. */
function isFromTheClient(error: Error): boolean {
  return error.cause instanceof Error
    ? isFromTheClient(error.cause)
    : error.name.startsWith("KafkaJS");
}
