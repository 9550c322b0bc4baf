import { expect, test } from "vitest";
import { runtimeRefusal } from "./submission-container.ts";

/** As Dockerode throws what the engine answered. */
function answer(message: string, statusCode = 400): Error {
  const text = `(HTTP code ${statusCode}) unexpected - ${message} `;
  return Object.assign(new Error(text), { statusCode, json: { message } });
}

const chain =
  "OCI runtime create failed: container_linux.go:380: starting container process caused: ";

test.each([
  [
    `${chain}exec: "trip-api": executable file not found in $PATH: unknown`,
    'there is no program "trip-api" in the image',
  ],
  [
    `${chain}exec: "/app/run.sh": stat /app/run.sh: no such file or directory: unknown`,
    'there is no program "/app/run.sh" in the image',
  ],
  [
    `${chain}exec: "/app/run.sh": permission denied: unknown`,
    '"/app/run.sh" is not executable (permission denied)',
  ],
  [
    "unable to find user trip: no matching entries in passwd file",
    "unable to find user trip: no matching entries in passwd file",
  ],
  ["No command specified", "No command specified"],
])("%s is the image's own", (message, reason) => {
  expect(runtimeRefusal(answer(message))).toBe(reason);
});

test.each([
  answer("Conflict. The container name is already in use", 409),
  answer("failed to create shim: context deadline exceeded", 500),
  new Error("connect ECONNREFUSED: no such file or directory"),
  "no such file or directory",
])("%s is not", (error) => {
  expect(runtimeRefusal(error)).toBeUndefined();
});
