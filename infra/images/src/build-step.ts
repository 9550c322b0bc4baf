/** `step 3/5` when a line of BuildKit's plain progress begins a step of the Dockerfile, else undefined. */
export function buildStep(line: string): string | undefined {
  const match = /^#\d+ \[(?:\S+ )?\s*(\d+)\/(\d+)\]/.exec(line);
  return match === null ? undefined : `step ${match[1]}/${match[2]}`;
}
