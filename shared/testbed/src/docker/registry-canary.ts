import { gradingLabel } from "./labels.ts";
import { runBuild } from "./run-build.ts";

// npm that cannot verify a registry's certificate says no more than "Exit handler never called!".
const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|SELF_SIGNED_CERT|Could not resolve|Temporary failure|Failed to fetch|Unable to connect|network (is )?unreachable|TLS handshake|50[234] (Bad Gateway|Service Unavailable|Gateway Time-?out)|\bE50[0234]\b|Exit handler never called/i;

/** Whether a failed build's output could mean that a package registry was away. */
export function looksLikeNetworkTrouble(log: string): boolean {
  return networkTrouble.test(log);
}

/**
 * Builds an image of ours that asks the package registries the way a submission would (npm and Debian's), so that
 * a registry that is away is told from a Dockerfile that is wrong.
 */
export async function canInstallPackages(gradingId: string, signal: AbortSignal): Promise<boolean> {
  const run = await runBuild({
    // The time in a build argument keeps the answer from coming out of the builder's cache.
    context: {
      dockerfile:
        "FROM node:24-bookworm-slim\nARG NOW\nRUN echo $NOW && npm view fastify@5 version --fetch-retries=0 && apt-get update -qq\n",
    },
    tag: `onramp-grading/${gradingId}:canary`,
    labels: { [gradingLabel]: gradingId },
    buildArgs: { NOW: String(Date.now()) },
    withinMs: 30_000,
    signal,
  });
  return run.ended === "built";
}
