// What kubectl and Helm say of what went wrong, for messages to people.

const mostLines = 8;

/** The first lines of an output; one that is told of fifty faults reads none. */
export function firstLines(output: string): string {
  const lines = output.trim().split("\n");
  const more = lines.length > mostLines ? [`… and ${lines.length - mostLines} lines more`] : [];
  return [...lines.slice(0, mostLines), ...more].join("\n");
}

/** The first lines of what `kubectl apply` said, without the objects that were taken. */
export function firstRefusals(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) => !/ (created|configured|unchanged)( \(server dry run\))?$/.test(line));
  return firstLines(lines.join("\n"));
}
