import type { BuildStep } from "@onramp/testbed/docker/build-log";

const install =
  /\b(npm|pnpm|yarn)\b(?![^&|;]*\s(run|prune|cache|config|exec|rebuild)\b)[^&|;]*\s(ci|i|install|add|clean-install|install-clean)\b/;

/**
 * The steps whose command installs dependencies.
 * @param dockerfile its text: of a heredoc the builder names only the first line
 */
export function installSteps(steps: readonly BuildStep[], dockerfile: string): BuildStep[] {
  const heredocs = heredocsOf(dockerfile).filter((text) => install.test(text));
  const firstLines = heredocs.map((text) => text.trim().split("\n")[0] ?? "");
  return steps.filter(({ name }) => {
    if (!/^\[.*?\] RUN\b/.test(name)) return false;
    return (
      install.test(name) ||
      firstLines.some((line) => new Set([`(${line})`, `(${line}...)`]).has(heredocOf(name)))
    );
  });
}

/** `(npm ci...)` of `[2/5] RUN <<EOF (npm ci...)`. */
function heredocOf(name: string): string {
  return /<<\S+ (\(.*\))$/.exec(name)?.[1] ?? "";
}

function heredocsOf(dockerfile: string): string[] {
  const pattern = /^\s*RUN\b.*<<-?(["']?)(\w+)\1.*\n([\s\S]*?)^\t*\2\s*$/gim;
  return [...dockerfile.replaceAll("\r\n", "\n").matchAll(pattern)].map(
    ([, , , text = ""]) => text,
  );
}
