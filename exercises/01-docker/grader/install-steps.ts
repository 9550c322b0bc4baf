import type { BuildStep } from "@onramp/testbed/docker/build-log";

const managers = new Set(["npm", "pnpm", "yarn"]);
const byLock = new Set(["ci", "clean-install", "install-clean", "ic", "cit"]);
const byManifest = new Set(["install", "i", "add", "it"]);
/** Options of npm whose value is a word of its own. */
const takesValue = new Set([
  "--prefix",
  "--loglevel",
  "--cache",
  "--workspace",
  "-w",
  "-C",
  "--registry",
]);

/** How a command installs: what the lock says, what package.json says, or not at all. */
type Install = "by the lock" | "by package.json" | undefined;

/**
 * The steps that install dependencies.
 * @param dockerfile its text: of a heredoc the builder names only the first line
 */
export function installSteps(
  steps: readonly BuildStep[],
  dockerfile: string,
): (BuildStep & { readonly install: NonNullable<Install> })[] {
  const heredocs = heredocsOf(dockerfile);
  return steps.flatMap((step) => {
    const [, command] = /^\[.*?\] RUN (.*)$/s.exec(step.name) ?? [];
    if (command === undefined) return [];
    const [, firstLine] = /<<\S+ \((.*?)(?:\.\.\.)?\)$/s.exec(command) ?? [];
    const install =
      firstLine === undefined ? installOf(command) : ofHeredoc(step, firstLine, heredocs);
    return install === undefined ? [] : [{ ...step, install }];
  });
}

/** Several heredocs may begin alike; then a step that ran is told from the others by what npm printed. */
function ofHeredoc(step: BuildStep, firstLine: string, heredocs: readonly string[]): Install {
  const alike = heredocs.filter((text) => text.trim().split("\n")[0] === firstLine).map(installOf);
  const found = alike.find((install) => install !== undefined);
  if (alike.every((install) => install !== undefined)) return found;
  return step.isCached || /\badded \d+ packages?/.test(step.output) ? found : undefined;
}

/** How the commands of a RUN install; what is neither by the lock nor global counts most. */
function installOf(text: string): Install {
  const found = text
    .replaceAll(/["'[\],]/g, " ")
    .replaceAll(/\\\n/g, " ")
    .split(/[\n;&|]+/)
    .map(installOfCommand);
  return (
    found.find((install) => install === "by package.json") ??
    found.find((install) => install !== undefined)
  );
}

function installOfCommand(command: string): Install {
  const words = command.trim().split(/\s+/);
  const first = words.findIndex(
    (word) => !/^(--\S+|\w+=\S*|RUN|if|then|else|do|exec|time|sh|-c|\/bin\/sh|\(|\{|!)$/.test(word),
  );
  const [manager = "", ...rest] = words.slice(first === -1 ? words.length : first);
  if (!managers.has(manager)) return undefined;
  const verbs = rest.filter(
    (word, index) => !word.startsWith("-") && !takesValue.has(rest[index - 1] ?? ""),
  );
  const [verb = manager === "yarn" ? "install" : ""] = verbs;
  if (byLock.has(verb) || rest.includes("--frozen-lockfile")) return "by the lock";
  if (!byManifest.has(verb)) return undefined;
  // A tool of the build, such as another npm, is no dependency of the service.
  return rest.includes("-g") || rest.includes("--global") ? undefined : "by package.json";
}

function heredocsOf(dockerfile: string): string[] {
  const pattern = /^\s*RUN\b.*<<-?(["']?)(\w+)\1.*\n([\s\S]*?)^\t*\2\s*$/gim;
  return [...dockerfile.replaceAll("\r\n", "\n").matchAll(pattern)].map(
    ([, , , text = ""]) => text,
  );
}
