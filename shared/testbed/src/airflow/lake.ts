import { posix } from "node:path";
import type { Files, ToolContainer } from "../docker/tool-container.ts";

/** Where DAGs find the lake. */
export const lakeDirectory = "/lake";
const incoming = "/tmp/onramp-lake";

/** The lake: a directory of Airflow's container that the grader writes and DAGs read. */
export class Lake {
  readonly #container: ToolContainer;

  constructor(container: ToolContainer) {
    this.#container = container;
  }

  /** Puts files into the lake, by their paths in it. Each is there whole, or not at all. */
  async put(files: Files): Promise<void> {
    const place = `${incoming}/${performance.now()}`;
    await this.#container.copyIn(place, files);
    const moves = [...files.keys()].flatMap((path) => [
      `mkdir -p ${quote(posix.dirname(`${lakeDirectory}/${path}`))}`,
      `mv ${quote(`${place}/${path}`)} ${quote(`${lakeDirectory}/${path}`)}`,
    ]);
    // As root, to whom the lake belongs.
    const { exitCode, output } = await this.#container.exec(["sh", "-ec", moves.join("\n")], "0");
    if (exitCode !== 0) throw new Error(`The lake takes no files: ${output}`);
  }
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
