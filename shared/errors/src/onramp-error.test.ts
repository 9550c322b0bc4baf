import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { messageOf } from "./onramp-error.ts";

test("what was thrown is told with its cause, once", () => {
  const inner = new Error("the disk is full");
  expect(messageOf(new Error("No report: the disk is full.", { cause: inner }))).toBe(
    "No report: the disk is full.",
  );
  expect(messageOf(new Error("No report", { cause: inner }))).toBe("No report: the disk is full");
  expect(messageOf("a text")).toBe("a text");
});

test("a refused connection is told with its address", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const refused = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);
  expect(messageOf(refused)).toBe(`fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`);
});

test("a name none of whose addresses answers is told with each of them", () => {
  const cause = new AggregateError([new Error("no ::1"), new Error("no 127.0.0.1")]);
  expect(messageOf(new TypeError("fetch failed", { cause }))).toBe(
    "fetch failed: no ::1, no 127.0.0.1",
  );
});
