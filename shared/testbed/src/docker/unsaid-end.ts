/**
 * What a command could not say itself, since it was ended or is silent; undefined where it has said why it failed.
 * @param limitS how long it had, in seconds
 */
export function unsaidEnd(
  { exitCode, output }: { readonly exitCode: number; readonly output: string },
  limitS: number,
): string | undefined {
  // GNU's timeout says 124, and BusyBox's what the signal makes of it.
  if (exitCode === 124 || exitCode === 143) return `It was not over after ${limitS} s.`;
  if (exitCode === 137)
    return "It was ended with exit code 137: what it was given took more memory than it may have. A few lines can stand for very much, by aliases (`*name`) or loops.";
  if (exitCode !== 0 && output.trim() === "")
    return `It said nothing, and ended with exit code ${exitCode}.`;
  return undefined;
}
