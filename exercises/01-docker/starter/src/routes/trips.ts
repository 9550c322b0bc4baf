import type { FastifyInstance } from "fastify";

import { requireToken } from "../bearer-token.ts";
import type { TripStore } from "../trip-store.ts";
import { tripEvent } from "../trip.ts";

/**
 * `POST /trips` takes a trip event in, `GET /trips/:id` answers with the trip's last state.
 * Where a token is set, only who has it may post.
 */
export function tripRoutes(app: FastifyInstance, store: TripStore, token?: string): void {
  // Before the body is read: from a stranger it is not even parsed.
  const onRequest = token === undefined ? [] : [requireToken(token)];

  app.post("/trips", { onRequest }, async (request, reply) => {
    const event = tripEvent.safeParse(request.body);
    if (!event.success) {
      // Every reason at once: who sends the event mends it in one go.
      const reasons = event.error.issues.map(({ path, message }) => ({
        field: path.join("."),
        message,
      }));
      return reply.code(400).send({ error: "This is no trip event.", reasons });
    }
    return reply.code(201).send(store.save(event.data));
  });

  app.get<{ Params: { id: string } }>("/trips/:id", async (request, reply) => {
    const trip = store.find(request.params.id);
    return trip ?? reply.code(404).send({ error: `There is no trip ${request.params.id}.` });
  });
}
