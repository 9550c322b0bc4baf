import { createHash, timingSafeEqual } from "node:crypto";

import type { onRequestAsyncHookHandler } from "fastify";

/** Lets through only requests with the header `authorization: Bearer <token>`. */
export function requireToken(token: string): onRequestAsyncHookHandler {
  const expected = sha256(token);

  return async (request, reply) => {
    const [, given] = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? "") ?? [];
    // How long the comparison takes must not tell how much of a guess is right. Hashes, as it needs equal lengths.
    if (given !== undefined && timingSafeEqual(sha256(given), expected)) return;
    return reply.code(401).header("www-authenticate", "Bearer").send({
      error: "This needs the header authorization: Bearer <token>, with the right token.",
    });
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
