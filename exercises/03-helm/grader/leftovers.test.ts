import { expect, test } from "vitest";
import { type Listed, stayingForEver } from "./leftovers.ts";

function object(kind: string, more: Partial<Listed["metadata"]> = {}, ttl?: number): Listed {
  const spec = ttl === undefined ? {} : { ttlSecondsAfterFinished: ttl };
  return { kind, metadata: { name: "north", uid: kind, ...more }, spec };
}

test("stays: what has no owner and no end", () => {
  const config = object("ConfigMap");
  expect(stayingForEver([config, object("Pod", { ownerReferences: [] })])).toHaveLength(2);
});

test("goes: what has an owner, is being deleted, or has a time limit", () => {
  const going = [
    object("ReplicaSet", { ownerReferences: [{ kind: "Deployment" }] }),
    object("Pod", { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    object("Job", {}, 10),
  ];
  expect(stayingForEver(going)).toEqual([]);
});
