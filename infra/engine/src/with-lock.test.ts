import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { withLock } from "./with-lock.ts";

test("lets one in at a time and says that the other waits", async () => {
  const name = `test-${randomUUID()}`;
  const events: string[] = [];
  const work = (who: string) => async () => {
    events.push(`${who} in`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    events.push(`${who} out`);
  };
  await Promise.all([
    withLock(name, work("a")),
    withLock(name, work("b"), { onWait: () => events.push("b waits") }),
  ]);
  expect(events).toEqual(["a in", "b waits", "a out", "b in", "b out"]);
});

test("falls when its holder is killed", async () => {
  const name = `test-${randomUUID()}`;
  const program = `
    const { withLock } = await import(${JSON.stringify(new URL("./with-lock.ts", import.meta.url).href)});
    await withLock(${JSON.stringify(name)}, async () => { console.log("held"); await new Promise((r) => setTimeout(r, 60_000)); });
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  let hasWaited = false;
  const taken = withLock(name, async () => await Promise.resolve("mine"), {
    onWait: () => {
      hasWaited = true;
      holder.kill("SIGKILL");
    },
  });
  expect(await taken).toBe("mine");
  expect(hasWaited).toBe(true);
});

test("stops waiting when it is told to", async () => {
  const name = `test-${randomUUID()}`;
  const controller = new AbortController();
  await withLock(name, async () => {
    const second = withLock(name, async () => await Promise.resolve(), {
      signal: controller.signal,
      onWait: () => controller.abort(),
    });
    await expect(second).rejects.toThrow("aborted");
  });
});
