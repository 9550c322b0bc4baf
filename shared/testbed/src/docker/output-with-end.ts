/** How a program in Go says that it gets no more memory; it goes on with hundreds of lines of its own insides. */
const outOfMemory =
  /^(?:fatal error|runtime(?:\/cgo)?): .*(?:out of memory|cannot allocate memory|cannot map pages|pthread_create failed)/m;
const tooMuch =
  "what it was given took more memory than it may have. A few lines can stand for very much, by aliases (`*name`) or loops.";

/**
 * What a command has said, and what it could not say itself, since it was ended or is silent.
 * @param limitS how long it had, in seconds
 */
export function outputWithEnd(
  { exitCode, output }: { readonly exitCode: number; readonly output: string },
  limitS: number,
): string {
  // GNU's timeout says 124, and BusyBox's what the signal makes of it.
  if (exitCode === 124 || exitCode === 143)
    return `${output}\nIt was not over after ${limitS} s.`.trim();
  if (exitCode === 137) return `${output}\nIt was ended with exit code 137: ${tooMuch}`.trim();
  if (exitCode === 0) return output;
  if (outOfMemory.test(output)) return `It ended with exit code ${exitCode}: ${tooMuch}`;
  if (output.trim() === "") return `It said nothing, and ended with exit code ${exitCode}.`;
  return output;
}
