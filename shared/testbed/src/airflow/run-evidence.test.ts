import { expect, test } from "vitest";
import { refusalsIn } from "./run-evidence.ts";

const refusal = (sentence: string): string =>
  `HTTP response body: {"kind":"Status","status":"Failure","message":${JSON.stringify(sentence)},"code":403}`;

test("what Kubernetes refused is found among what an operator logs, each sentence once", () => {
  const sentence = 'pods "a" is forbidden: User "airflow" cannot patch resource "pods"';
  const log = `begins\n${refusal(sentence)}\n  ForbiddenException: (403)\n${refusal(sentence)}\nends`;
  expect(refusalsIn(log)).toEqual([sentence]);
});

test("a call that the operator goes on without is none", () => {
  const sentence = 'events is forbidden: User "airflow" cannot list resource "events"';
  expect(refusalsIn(refusal(sentence))).toEqual([]);
});

test("what a job writes is none", () => {
  expect(refusalsIn('{"message":"a trip is forbidden: it has no driver"}')).toEqual([]);
});

test("a log that only looks like an answer disturbs nothing", () => {
  const odd = String.raw`"kind":"Status","message":"a \q is forbidden: \u12" "message":"no end is forbidden: `;
  expect(refusalsIn(odd)).toEqual([String.raw`a \q is forbidden: \u12`]);
  const long = String.raw`\" is forbidden: `.repeat(1_000_000);
  expect(refusalsIn(`"kind":"Status","message":"${long}`)).toEqual([]);
});
