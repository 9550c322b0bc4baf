import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { Seed } from "@onramp/grading/seed";
import type { HttpAnswer, HttpQuestion } from "@onramp/testbed/docker/http-client";
import type { BuiltImage } from "@onramp/testbed/docker/builder";
import { type DockerService, startDocker } from "@onramp/testbed/docker/docker-service";
import type { ContainerProcess, RunningContainer } from "@onramp/testbed/docker/running-container";
import { tripEvent } from "@onramp/testbed/trips/trip-event";

export const check = createCheck({ docker: startDocker });

/** The build arguments that every build is given; the labels have to show them. */
export function buildArguments(seed: Seed): { IMAGE_SOURCE: string; IMAGE_VERSION: string } {
  return {
    IMAGE_SOURCE: `https://git.fleet.example/trip-api-${seed.hex("source", 6)}`,
    IMAGE_VERSION: `${seed.integer("major", 1, 9)}.${seed.integer("minor", 0, 99)}.${seed.integer("patch", 0, 99)}`,
  };
}

let clean: Promise<BuiltImage> | undefined;

/** The image of the submission as it is, built once for all checks. */
export function cleanImage(
  docker: DockerService,
  { job, seed, signal }: CheckContext,
): Promise<BuiltImage> {
  clean ??= docker.builder.build(job.projectDirectory, buildArguments(seed), signal);
  return clean;
}

/** A copy of the project that a check may change; removed when the check is over. */
export async function copyProject({
  job,
}: CheckContext): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(job.scratchDirectory, "copy-"));
  await cp(job.projectDirectory, directory, { recursive: true });
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The port that the service is told, another one for each check. */
export function portFor(seed: Seed, purpose: string): number {
  return seed.integer(`port for ${purpose}`, 10_000, 30_000);
}

/** Waits until the service answers; its log is kept as evidence, whether it does or not. */
export async function untilItServes(
  container: RunningContainer,
  port: number,
  { evidence, signal }: CheckContext,
  withinMs = 15_000,
): Promise<void> {
  try {
    await eventually(
      `GET /healthz on port ${port} answers 200`,
      async () => {
        try {
          const { status, body } = await container.ask(port, {
            path: "/healthz",
            withinMs: 2000,
            signal,
          });
          return { done: status === 200, seen: `status ${status}, ${body.slice(0, 200)}` };
        } catch (error) {
          return { done: false, seen: (error as Error).message };
        }
      },
      { withinMs, signal, hasDied: () => container.describeEnd() },
    );
  } catch (error) {
    await keepLog(container, evidence);
    throw error;
  }
}

/** Keeps what the container wrote. */
export async function keepLog(
  container: RunningContainer,
  evidence: CheckContext["evidence"],
): Promise<void> {
  const { stdout, stderr } = await container.logs();
  evidence("The container's log (stdout)", stdout === "" ? "(empty)" : stdout);
  if (stderr !== "") evidence("The container's log (stderr)", stderr);
}

/** Processes as a table for the evidence. */
export function processTable(processes: readonly ContainerProcess[]): string {
  const rows = processes.map(({ pid, uid, command }) => `${pid}  ${uid}  ${command}`);
  return ["PID  USER  COMMAND", ...rows].join("\n");
}

/** Posts a trip and reads it back. */
export async function exchangeTrip(
  container: RunningContainer,
  port: number,
  context: CheckContext,
  purpose: string,
): Promise<string> {
  const trip = tripEvent(context.seed, purpose, 0);
  const { signal } = context;
  const posted = await answerOf(
    container,
    port,
    { method: "POST", path: "/trips", json: trip, signal },
    context,
  );
  const read = await answerOf(container, port, { path: `/trips/${trip.tripId}`, signal }, context);
  if (posted.status === 201 && read.status === 200) return trip.tripId;
  await keepLog(container, context.evidence);
  return fail(
    `The service answers /healthz, but POST /trips gave ${posted.status} and reading that trip back ${read.status}.`,
    {
      expected: "201, then 200",
      actual: `${posted.status} ${posted.body.slice(0, 300)}, then ${read.status} ${read.body.slice(0, 300)}`,
    },
  );
}

/** The answer to a request that a service which serves has to answer. */
export async function answerOf(
  container: RunningContainer,
  port: number,
  question: HttpQuestion,
  { evidence }: CheckContext,
): Promise<HttpAnswer> {
  try {
    return await container.ask(port, question);
  } catch (error) {
    const reason = (await container.describeEnd()) ?? (error as Error).message;
    await keepLog(container, evidence);
    const what = `${question.method ?? "GET"} ${question.path}`;
    return fail(`The service answered /healthz, but ${what} got no answer: ${reason}.`, {
      expected: `an answer to ${what}`,
      actual: reason,
      cause: error,
    });
  }
}
