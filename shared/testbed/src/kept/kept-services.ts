import { keptAirflow } from "./kept-airflow.ts";
import { keptKafka } from "./kept-kafka.ts";
import { keptKubernetes } from "./kept-kubernetes.ts";
import { keptPostgres } from "./kept-postgres.ts";
import type { KeptService } from "./kept-service.ts";

/** The services that can be kept running, in the order of the help. */
export const keptServices: readonly KeptService[] = [
  keptKubernetes,
  keptKafka,
  keptPostgres,
  keptAirflow,
];
