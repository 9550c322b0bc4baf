import { expect, test } from "vitest";
import { withheldCapabilities } from "./capabilities.ts";

test("names what is missing from the bounding set", () => {
  const status = "Name:\tnode\nCapEff:\t000001fffeffffff\nCapBnd:\t000001fffeffffff\n";
  expect(withheldCapabilities(status, 40)).toEqual(["CAP_SYS_RESOURCE"]);
});

test("does not miss what the kernel does not know", () => {
  expect(withheldCapabilities("CapBnd:\t0000003fffffffff\n", 37)).toEqual([]);
});

test("names several, in the order of their bits", () => {
  expect(withheldCapabilities("CapBnd:\t000001fffffffffc\n", 40)).toEqual([
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
  ]);
});
