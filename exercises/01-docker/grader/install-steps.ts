import type { BuildStep } from "@onramp/testbed/docker/build-log";

const install =
  /\b(npm|pnpm|yarn)\b(?![^&|;]*\s(run|prune|cache|config|exec|rebuild)\b)[^&|;]*\s(ci|i|install|add|clean-install|install-clean)\b/;

/** The steps whose command installs dependencies. */
export function installSteps(steps: readonly BuildStep[]): BuildStep[] {
  return steps.filter(({ name }) => /^\[.*?\] RUN\b/.test(name) && install.test(name));
}
