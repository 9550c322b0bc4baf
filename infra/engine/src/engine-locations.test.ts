import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { engineLocations } from "./engine-locations.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "onramp-home-"));
});

function locate(env: Record<string, string> = {}, platform: NodeJS.Platform = "linux") {
  onTestFinished(async () => await rm(home, { recursive: true, force: true }));
  return engineLocations({ env, platform, home, uid: 1000 });
}

test("looks at the default socket first, then at rootless and desktop ones", () => {
  expect(
    locate({ XDG_RUNTIME_DIR: "/run/user/1000" }).map(({ host }) => host.replace(home, "~")),
  ).toEqual([
    "unix:///var/run/docker.sock",
    "unix:///run/user/1000/docker.sock",
    "unix://~/.docker/run/docker.sock",
    "unix://~/.docker/desktop/docker.sock",
    "unix://~/.colima/default/docker.sock",
    "unix://~/.config/colima/default/docker.sock",
    "unix://~/.orbstack/run/docker.sock",
    "unix://~/.rd/docker.sock",
  ]);
});

test("looks nowhere else when DOCKER_HOST names an engine", () => {
  expect(
    locate({
      DOCKER_HOST: "tcp://10.0.0.5:2376",
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: "/certs",
    }),
  ).toEqual([
    {
      source: "DOCKER_HOST",
      host: "tcp://10.0.0.5:2376",
      certPath: "/certs",
      isFoundByOthers: true,
    },
  ]);
});

test("takes Testcontainers' properties, after DOCKER_HOST", async () => {
  await writeFile(
    join(home, ".testcontainers.properties"),
    "# local\ndocker.host = unix:///tmp/a.sock\n",
  );
  expect(locate()[0]).toMatchObject({ host: "unix:///tmp/a.sock", isFoundByOthers: false });
  expect(locate({ DOCKER_HOST: "unix:///tmp/b.sock" })[0]).toMatchObject({
    host: "unix:///tmp/b.sock",
  });
});

test("follows the docker CLI's context", async () => {
  const key = createHash("sha256").update("colima").digest("hex");
  const meta = join(home, ".docker/contexts/meta", key);
  await mkdir(meta, { recursive: true });
  await writeFile(join(home, ".docker/config.json"), JSON.stringify({ currentContext: "colima" }));
  await writeFile(
    join(meta, "meta.json"),
    JSON.stringify({ Name: "colima", Endpoints: { docker: { Host: "unix:///tmp/colima.sock" } } }),
  );
  expect(locate()).toEqual([
    {
      source: 'the docker context "colima"',
      host: "unix:///tmp/colima.sock",
      certPath: undefined,
      isFoundByOthers: false,
    },
  ]);
  expect(locate({ DOCKER_CONTEXT: "default" })[0]?.source).toBe("the default socket");
});
