import { keptKafka } from "@onramp/testbed/kept/kept-kafka";
import { keptPostgres } from "@onramp/testbed/kept/kept-postgres";
import { keptServices } from "@onramp/testbed/kept/kept-services";
import { expect, test } from "vitest";
import { endedText, exportLines, runningText } from "./running-services.ts";

const contents = { schemas: [], directory: "", tripApiStage: "", project: undefined };
const running = [
  { service: keptKafka, port: 40_123, isNew: true },
  { service: keptPostgres, port: 5432, isNew: false },
].map((each) => ({ ...each, variables: each.service.variables(each.port, contents) }));

test("writes a line for the shell for each variable", () => {
  expect(exportLines(running)).toBe(`export KAFKA_BROKERS=127.0.0.1:40123
export TRIPS_TOPIC=trips.v1
export DEAD_LETTER_TOPIC=trips.v1.dlq
export DATABASE_URL=postgres://fleet:fleet@127.0.0.1:5432/fleet
`);
});

test("tells people what runs where, how to look into it and how to end it", () => {
  expect(runningText(running, ["05-kafka-consume"])).toMatchInlineSnapshot(`
    "
    Kafka runs at 127.0.0.1:40123 (container onramp-kafka; 9092, the usual port, was taken). Look into it:
      docker exec onramp-kafka /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic trips.v1 --from-beginning --timeout-ms 5000

    PostgreSQL ran already, at 127.0.0.1:5432 (container onramp-postgres). Look into it:
      docker exec -it onramp-postgres psql --username fleet fleet

    They run until you end them: npx onramp down
    These lines are for your shell; to have it take them: eval "$(npx onramp up 05-kafka-consume)"
    "
  `);
  expect(runningText(running.slice(1), undefined)).toMatchInlineSnapshot(`
    "
    PostgreSQL ran already, at 127.0.0.1:5432 (container onramp-postgres). Look into it:
      docker exec -it onramp-postgres psql --username fleet fleet

    It runs until you end it: npx onramp down
    "
  `);
});

test("tells what was ended", () => {
  expect(endedText([keptKafka, keptPostgres], keptServices)).toMatchInlineSnapshot(`
    "Ended Kafka (onramp-kafka); its topics and records are gone.
    Ended PostgreSQL (onramp-postgres); its tables and rows are gone.
    "
  `);
  expect(endedText([], keptServices)).toMatchInlineSnapshot(`
    "Nothing to end: no container onramp-kubernetes or onramp-kafka or onramp-postgres or onramp-airflow is there.
    "
  `);
});
