import { expect, test } from "vitest";
import { daemonConfig } from "./daemon-config.ts";

test("keeps what the machine's own configuration says and lays ours over it", () => {
  const config = daemonConfig(
    {
      "registry-mirrors": ["https://mirror.example"],
      hosts: ["tcp://0.0.0.0:2375"],
      labels: ["team=data"],
      runtimes: { other: { path: "/usr/bin/other" } },
    },
    { hasRuntimeWrapper: true },
  );
  expect(config).toMatchObject({
    "registry-mirrors": ["https://mirror.example"],
    hosts: ["unix:///var/run/docker.sock"],
    labels: ["team=data", "dev.onramp.engine=own"],
    runtimes: {
      other: { path: "/usr/bin/other" },
      onramp: { path: "/var/lib/onramp/engine/runtime" },
    },
    "default-runtime": "onramp",
    ip: "127.0.0.1",
  });
});

test("leaves the runtime alone where nothing is withheld", () => {
  expect(daemonConfig({}, { hasRuntimeWrapper: false })).not.toHaveProperty("default-runtime");
});
