/** A sample of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\s*\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const label = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** What stands on a page of metrics. */
export interface MetricsPage {
  readonly samples: readonly Sample[];
  /** The first line that is neither a sample nor a comment; undefined when there is none. */
  readonly unreadable: string | undefined;
}

/**
 * Reads a page in Prometheus' text format.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readMetrics(text: string): MetricsPage {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const samples: Sample[] = [];
  let unreadable: string | undefined;
  for (const line of lines) {
    const [, name, labels = "", value] = sampleLine.exec(line.trim()) ?? [];
    if (name === undefined) {
      unreadable ??= line;
      continue;
    }
    const pairs = Array.from(labels.matchAll(label), ([, key = "", content = ""]) => [
      key,
      content,
    ]);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return { samples, unreadable };
}
