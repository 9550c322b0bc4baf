import type { KeptService } from "@onramp/testbed/kept/kept-service";
import type { RunningService } from "@onramp/testbed/kept/keep-running";

/** For a shell's `eval`: an `export NAME=value` for each variable by which programs find the services. */
export function exportLines(running: readonly RunningService[]): string {
  return running
    .flatMap(({ service, port }) => Object.entries(service.variables(port)))
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join("");
}

/** For people: what runs where, how to look into it, how to take the variables over, how to end it. */
export function runningText(running: readonly RunningService[], typed: readonly string[]): string {
  const services = running.map(({ service, port, isNew }) => {
    const { title, preferredPort, look } = service;
    const moved =
      port === preferredPort
        ? ""
        : ` (${preferredPort}, the usual port, was taken by another program)`;
    const state = isNew ? "runs" : "ran already";
    return `${title} ${state}: 127.0.0.1:${port}${moved}, container ${service.container}\n  look into it: ${look}\n`;
  });
  const [it, them] = running.length === 1 ? ["It runs", "it"] : ["They run", "them"];
  return [
    ...services,
    `${it} until you end ${them}: npx onramp down\nSet the variables in this shell: eval "$(npx onramp up ${typed.join(" ")})"\n`,
  ].join("");
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
