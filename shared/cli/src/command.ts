import type { Command } from "commander";

/** A command of `onramp`: one file under `commands/`, listed in `commands.ts`. */
export interface CommandDefinition {
  /** For whom: the heading that the command stands under in `onramp --help` and in `docs/reference/commands.md`. */
  readonly audience: "hire" | "mentor" | "CI" | "author";
  /** Adds arguments, options, help text and the action to commander's empty command. */
  configure(command: Command): void;
}

/** Types a command file's default export. */
export function defineCommand(definition: CommandDefinition): CommandDefinition {
  return definition;
}
