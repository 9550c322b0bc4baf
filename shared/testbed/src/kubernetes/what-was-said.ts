// What kubectl and Helm say of what went wrong, for messages to people.

const mostLines = 8;
const mostCharacters = 500;

/** The first lines of an output; one that is told of fifty faults reads none. */
export function firstLines(output: string): string {
  const lines = output.trim().split("\n");
  const more = lines.length > mostLines ? [`… and ${lines.length - mostLines} lines more`] : [];
  const first = lines.slice(0, mostLines).map((line) => clip(line));
  return [...first, ...more].join("\n");
}

function clip(line: string): string {
  const { length } = line;
  if (length <= mostCharacters) return line;
  return `${line.slice(0, mostCharacters)} … (${length} characters)`;
}

/** The first lines of what `kubectl apply` said, without the objects that were taken. */
export function firstRefusals(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) => !/ (created|configured|unchanged)( \(server dry run\))?$/.test(line));
  return firstLines(lines.join("\n"));
}
