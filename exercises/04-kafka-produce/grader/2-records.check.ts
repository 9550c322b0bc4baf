import { fail } from "@onramp/grading/check-failure";
import { instantOf, printed, recordTable } from "@onramp/testbed/kafka/record-table";
import { faultOfReason } from "@onramp/testbed/trips/reason";
import { deliveredOf, demandAll, demandSame } from "./delivery.ts";
import { check } from "./producer.ts";
import { cleanRun, mixedRun, summaryOf } from "./runs.ts";

check("keys-by-vehicle", { concurrent: true }, async ({ kafka, program }, context) => {
  const { records } = await cleanRun({ kafka, program }, context);
  const partitionOf = new Map<unknown, number>();
  for (const { record, event } of deliveredOf(records)) {
    const vehicle = event?.["vehicleId"];
    const place = `partition ${record.partition}, offset ${record.offset}`;
    if (record.key?.toString("utf8") !== vehicle) {
      context.evidence("The first records of the topic", recordTable(records));
      fail(
        `The record at ${place} has the key ${printed(record.key)}; its vehicle is ${String(vehicle)}.`,
        {
          expected: `the key "${String(vehicle)}"`,
          actual: printed(record.key),
        },
      );
    }
    const known = partitionOf.get(vehicle);
    if (known !== undefined && known !== record.partition) {
      fail(
        `Records of ${String(vehicle)} stand in the partitions ${known} and ${record.partition}.`,
        {
          expected: "all records of a vehicle in one partition",
          actual: `partitions ${known} and ${record.partition}`,
        },
      );
    }
    partitionOf.set(vehicle, record.partition);
  }
});

check("describes-each-record", { concurrent: true }, async ({ kafka, program }, context) => {
  const { records } = await cleanRun({ kafka, program }, context);
  for (const { record, event } of deliveredOf(records)) {
    const wanted = {
      "event-id": String(event?.["eventId"]),
      "schema-version": String(event?.["schemaVersion"]),
    };
    const place = `partition ${record.partition}, offset ${record.offset}`;
    for (const [name, value] of Object.entries(wanted)) {
      const header = record.headers[name];
      if (header === value) continue;
      context.evidence("The record", recordTable([record]));
      fail(
        `The record at ${place} has ${header === undefined ? `no header \`${name}\`` : `the header \`${name}\` = ${JSON.stringify(header)}`}.`,
        { expected: `${name}: ${value}`, actual: JSON.stringify(record.headers) },
      );
    }
    const eventTime = String(event?.["eventTime"]);
    if (record.timestamp !== Date.parse(eventTime)) {
      context.evidence("The record", recordTable([record]));
      const seen = instantOf(record.timestamp);
      fail(
        `The record at ${place} has the timestamp ${seen}; the event's own time is ${eventTime}.`,
        {
          expected: eventTime,
          actual: seen,
        },
      );
    }
  }
});

check("asks-all-replicas", { concurrent: true }, async ({ kafka, program }, context) => {
  const { topic } = await cleanRun({ kafka, program }, context);
  const { deadLetterTopic } = await mixedRun({ kafka, program }, context);
  const requests = (await kafka.produceRequests()).filter(
    ({ topics }) => topics.includes(topic) || topics.includes(deadLetterTopic),
  );
  if (requests.length === 0)
    throw new Error(`The broker's log tells of no request to write to ${topic}.`);
  context.evidence(
    "The requests to write, from the broker's own log",
    requests.map(({ clientId, acks }) => `acks ${acks}  client ${clientId}`).join("\n"),
  );
  const short = requests.filter(({ acks }) => acks !== -1);
  const [first] = short;
  if (first === undefined) return;
  const meaning = first.acks === 0 ? "nobody is asked" : "only the leader is asked";
  fail(
    `${short.length} of ${requests.length} requests to write asked for acks=${first.acks}: ${meaning}.`,
    { expected: "acks=-1 (all) in every request", actual: `acks=${first.acks}` },
  );
});

check("sets-invalid-lines-aside", { concurrent: true }, async ({ kafka, program }, context) => {
  const run = await mixedRun({ kafka, program }, context);
  const { trips, unusual, broken, delivered, rejected } = run;
  run.demandGoodEnd();
  const { evidence } = context;
  evidence("The first records of the dead-letter topic", recordTable(rejected));
  const arrived = new Set(delivered.map(({ event }) => event?.["eventId"]));
  const lost = unusual.find(({ trip }) => !arrived.has(trip.eventId));
  if (lost !== undefined) {
    fail(`Line ${lost.number} is valid (${lost.what}), and its trip is not in the topic.`, {
      expected: `a record of the event ${lost.trip.eventId}`,
      actual: "no such record",
    });
  }
  demandAll(trips, delivered, context, "although broken lines stand between them");
  const valid = new Set<unknown>(trips.map(({ eventId }) => eventId));
  const foreign = delivered.find(({ event }) => !valid.has(event?.["eventId"]));
  if (foreign !== undefined) {
    evidence("The record", recordTable([foreign.record]));
    fail(`A line that breaks the rules stands among the trips: ${printed(foreign.record.value)}.`, {
      expected: "valid trips alone",
      actual: printed(foreign.record.value),
    });
  }
  demandSame(trips, delivered, context);
  for (const { number, bytes, what, field } of broken) {
    const record = rejected.find(({ headers }) => headers["line"] === String(number));
    const line = `line ${number} (${what})`;
    if (record === undefined) {
      const numbers = rejected.map(({ headers }) => headers["line"] ?? "none");
      fail(
        `No record of the dead-letter topic has the header \`line\` = ${number}; ${line} is broken.`,
        {
          expected: `${broken.length} dead letters, one with \`line\` = ${number}`,
          actual: `${rejected.length} dead letters, with the lines ${numbers.slice(0, 10).join(", ")}`,
        },
      );
    }
    if (record.value === null || !record.value.equals(bytes)) {
      evidence("The line's bytes", bytes.toString("hex"));
      evidence("The dead letter's bytes", record.value?.toString("hex") ?? "null");
      fail(`The dead letter of ${line} does not hold the line's bytes.`, {
        expected: printed(bytes),
        actual: printed(record.value),
      });
    }
    const reason = record.headers["reason"] ?? "";
    const fault = faultOfReason(reason, field);
    if (fault === undefined) continue;
    fail(`The dead letter of ${line} has the reason ${JSON.stringify(reason)}, which ${fault}.`, {
      expected: field === undefined ? "a reason" : `a reason that names ${field}`,
      actual: JSON.stringify(record.headers),
    });
  }
  if (rejected.length === broken.length) return;
  fail(`The dead-letter topic has ${rejected.length} records; ${broken.length} lines are broken.`, {
    expected: `${broken.length} records`,
    actual: `${rejected.length} records`,
  });
});

check("sums-up", { concurrent: true }, async ({ kafka, program }, context) => {
  const run = await mixedRun({ kafka, program }, context);
  const { lines, delivered, rejected, stdout } = run;
  run.demandGoodEnd();
  const summary = summaryOf(stdout);
  const real = { read: lines.length, delivered: delivered.length, rejected: rejected.length };
  const wrong = Object.entries(real).find(
    ([name, count]) => summary[name as keyof typeof real] !== count,
  );
  if (wrong === undefined) return;
  const [name, count] = wrong;
  const where = {
    read: "lines were given",
    delivered: "records stand in the topic",
    rejected: "records stand in the dead-letter topic",
  }[name];
  fail(`The summary says \`${name}\` = ${summary[name as keyof typeof real]}; ${count} ${where}.`, {
    expected: JSON.stringify(real),
    actual: JSON.stringify(summary),
  });
});
