import type { KeptService } from "@onramp/testbed/kept/kept-service";
import type { RunningService } from "@onramp/testbed/kept/keep-running";

/** For a shell's `eval`: an `export NAME=value` for each variable by which programs find the services. */
export function exportLines(running: readonly RunningService[]): string {
  return running
    .flatMap(({ variables }) => Object.entries(variables))
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join("");
}

/**
 * For people: what runs where, how to look into it, how to end it.
 * @param typed what to type for the variables; undefined where a shell takes them over already
 */
export function runningText(
  running: readonly RunningService[],
  typed: readonly string[] | undefined,
): string {
  const services = running.map(({ service, port, isNew }) => {
    const { title, container, preferredPort, look } = service;
    const state = isNew ? "runs" : "ran already,";
    const moved = port === preferredPort ? "" : `; ${preferredPort}, the usual port, was taken`;
    return `${title} ${state} at 127.0.0.1:${port} (container ${container}${moved}). Look into it:\n  ${look}\n`;
  });
  const [it, them] = running.length === 1 ? ["It runs", "it"] : ["They run", "them"];
  const lines = [`${it} until you end ${them}: npx onramp down`];
  if (typed !== undefined)
    lines.push(
      `These lines are for your shell; to have it take them: eval "$(npx onramp up ${typed.join(" ")})"`,
    );
  return `\n${[...services, ...lines].join("\n")}\n`;
}

/** What `onramp down` ended of the services that it was to end, a line each. */
export function endedText(ended: readonly KeptService[], services: readonly KeptService[]): string {
  if (ended.length === 0) {
    const containers = services.map(({ container }) => container).join(" or ");
    return `Nothing to end: no container ${containers} is there.\n`;
  }
  return ended
    .map(
      (service) =>
        `Ended ${service.title} (${service.container}); its ${service.holds} are gone.\n`,
    )
    .join("");
}
