import { setTimeout as delay } from "node:timers/promises";

import type { FastifyInstance } from "fastify";
import { z } from "zod";

import type { TripStore } from "../trip-store.ts";

const dailyQuery = z.object({
  delayMs: z.coerce.number().int().min(0).max(10_000).default(2_000),
});

/** `GET /reports/daily`: sums over all trips. Slow, as the report that it stands for; `delayMs` says how slow. */
export function reportRoutes(app: FastifyInstance, store: TripStore, speedLimitKmh: number): void {
  app.get("/reports/daily", async (request, reply) => {
    const query = dailyQuery.safeParse(request.query);
    if (!query.success)
      return reply.code(400).send({ error: "delayMs is a whole number from 0 to 10000." });

    await delay(query.data.delayMs);
    const trips = store.all();
    return {
      trips: trips.length,
      distanceKm: trips.reduce((sum, trip) => sum + trip.distanceKm, 0),
      hardBrakes: trips.reduce((sum, trip) => sum + trip.hardBrakes, 0),
      speedLimitKmh,
      tooFast: trips.filter((trip) => trip.maxSpeedKmh > speedLimitKmh).length,
    };
  });
}
