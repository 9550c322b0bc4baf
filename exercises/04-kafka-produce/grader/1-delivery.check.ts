import { deliveredOf, demandAll, demandOnce, demandSame } from "./delivery.ts";
import { check } from "./producer.ts";
import { cleanRun } from "./runs.ts";

check("delivers-every-trip", { withinMs: 90_000 }, async ({ kafka, program }, context) => {
  const { trips, records } = await cleanRun({ kafka, program }, context);
  const delivered = deliveredOf(records);
  demandAll(trips, delivered, context, "after the program's end");
  demandSame(trips, delivered, context);
  demandOnce(delivered, context, "after an undisturbed run");
});
