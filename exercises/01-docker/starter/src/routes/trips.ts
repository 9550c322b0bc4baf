import type { FastifyInstance } from "fastify";

import type { TripStore } from "../trip-store.ts";
import { tripEvent } from "../trip.ts";

/** `POST /trips` takes a trip event in, `GET /trips/:id` answers with the trip's last state. */
export function tripRoutes(app: FastifyInstance, store: TripStore): void {
  app.post("/trips", async (request, reply) => {
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
