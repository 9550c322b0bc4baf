import { stripVTControlCharacters } from "node:util";

/** The task that Turbo starts, when this line of its output says so. */
export function startedTask(line: string): string | undefined {
  return /^(?:\/\/:)?(\S+): cache (?:bypass|miss|disabled)/.exec(
    stripVTControlCharacters(line),
  )?.[1];
}
