import type Dockerode from "dockerode";
import { splitStreams } from "./split-streams.ts";

/** The last lines that a container has written. */
export async function lastLines(dockerode: Dockerode, id: string): Promise<string> {
  const raw = await dockerode.getContainer(id).logs({ stdout: true, stderr: true, tail: 5 });
  const { stdout, stderr } = splitStreams(raw);
  return `${stdout}${stderr}`.trim();
}
