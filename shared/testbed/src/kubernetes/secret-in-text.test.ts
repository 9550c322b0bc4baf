import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { holdsSecret } from "./secret-in-text.ts";

const token = "5f4dcc3b5aa765d61d8327deb882cf99";

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

test.each([
  ["as it is", `{"value":"${token}"}`],
  ["in base64", `{"value":"${base64(token)}"}`],
  ["in base64 within a longer text", `{"value":"${base64(`TRIP_API_TOKEN=${token}\nPORT=3000`)}"}`],
  ["in base64 behind something else", `data: a${base64(`x${token}`)}`],
  ["in base64 for addresses", Buffer.from(`??>>${token}`).toString("base64url")],
  ["in base64 twice", base64(`twice ${base64(`one ${token}`)}`)],
  ["in lines of base64", JSON.stringify(base64(`a ${token} b`).replaceAll(/.{20}/g, "$&\n"))],
])("is found %s", (_, text) => {
  expect(holdsSecret(text, token)).toBe(true);
});

test("a checksum and a part of it are none", () => {
  const sum = createHash("sha256").update(token).digest("hex");
  expect(holdsSecret(`{"checksum/secret":"${sum}","hint":"${token.slice(0, 8)}"}`, token)).toBe(
    false,
  );
});

test("a text of many megabytes is not read to its end", () => {
  const before = performance.now();
  expect(holdsSecret("QUJD".repeat(5_000_000) + token, token)).toBe(false);
  expect(performance.now() - before).toBeLessThan(10_000);
});
