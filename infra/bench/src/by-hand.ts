import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findDockerCli } from "@onramp/engine/docker-cli";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { execa } from "execa";

const healthz = `fetch("http://127.0.0.1:3000/healthz").then(() => process.exit(0), () => process.exit(1))`;
const slowReport = `fetch("http://127.0.0.1:3000/reports/daily?delayMs=2000")`;
const hang = `fetch("http://127.0.0.1:3000/debug/hang", { method: "POST" })`;

/**
 * Does with the docker command alone what the checks of 01-docker ask of the engine: four builds, two archives of an
 * image, six containers that come to answer, the wait for a request of 2 s after SIGTERM, and for health to turn.
 * @returns how long that took, in milliseconds
 */
export async function byHand(exercise: Exercise, solution: string): Promise<number> {
  const docker = await findDockerCli();
  const project = await mkdtemp(join(tmpdir(), "onramp-by-hand-"));
  await cp(join(exercise.directory, "starter"), project, { recursive: true });
  await cp(solution, project, { recursive: true });
  const tag = "onramp-bench:by-hand";
  const build = (): Promise<unknown> =>
    execa(docker, ["build", "--quiet", "--tag", tag, project], {
      env: { DOCKER_BUILDKIT: "1" },
      reject: false,
    });
  const started = async (...options: string[]): Promise<string> => {
    const { stdout: id } = await execa(docker, [
      "run",
      "--detach",
      "--network=none",
      ...options,
      tag,
    ]);
    await until(() => execa(docker, ["exec", id, "node", "--eval", healthz], { reject: false }));
    return id;
  };
  const remove = (id: string): Promise<unknown> => execa(docker, ["rm", "--force", id]);

  const start = performance.now();
  try {
    await build();
    await writeFile(join(project, ".env"), "PASSWORD=x");
    await build();
    await execa(docker, ["save", tag], { stdout: "ignore" });
    const manifest = await readFile(join(project, "package.json"), "utf8");
    await writeFile(
      join(project, "package.json"),
      manifest.replace(/"fastify": ".*?"/, '"fastify": "5.12.7"'),
    );
    await build();
    await writeFile(join(project, "package.json"), manifest);
    await appendFile(join(project, "src/server.ts"), `\n// ${Date.now()}\n`);
    await build();
    await execa(docker, ["save", tag], { stdout: "ignore" });
    for (const options of [[], ["--read-only", "--cap-drop=ALL"], [], []])
      await remove(await started(...options));
    const stopping = await started();
    await execa(docker, ["exec", "--detach", stopping, "node", "--eval", slowReport]);
    await execa(docker, ["stop", stopping]);
    await remove(stopping);
    const watched = await started(
      "--env=TRIP_API_DEBUG=1",
      "--health-interval=500ms",
      "--health-timeout=3s",
      "--health-retries=2",
      "--health-start-period=0s",
    );
    const health = (wanted: string) => async (): Promise<{ failed: boolean }> => {
      const { stdout } = await execa(docker, [
        "inspect",
        "--format={{.State.Health.Status}}",
        watched,
      ]);
      return { failed: stdout !== wanted };
    };
    await until(health("healthy"));
    await execa(docker, ["exec", watched, "node", "--eval", hang]);
    await until(health("unhealthy"));
    await remove(watched);
    return Math.round(performance.now() - start);
  } finally {
    await execa(docker, ["image", "rm", "--force", tag], { reject: false });
    await rm(project, { recursive: true, force: true });
  }
}

/** Asks again until it does not fail. Each try starts a process, which is pause enough. */
async function until(ask: () => PromiseLike<{ failed: boolean }>): Promise<void> {
  const end = Date.now() + 60_000;
  while ((await ask()).failed)
    if (Date.now() > end) throw new Error("The container did not come so far within 60 s.");
}
