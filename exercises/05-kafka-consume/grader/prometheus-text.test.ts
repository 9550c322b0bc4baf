import { expect, test } from "vitest";
import { readMetrics } from "./prometheus-text.ts";

test("reads names, labels and values; tells the first line that is none", () => {
  const text = `# HELP trips_consumer_lag Records behind the end.
# TYPE trips_consumer_lag gauge
trips_consumer_lag {topic="a}b",partition="2"} 5e2
trips_processed_total 12 1767600000000
up{} NaN

not a sample`;
  const { samples, unreadable } = readMetrics(text);
  expect(unreadable).toBe("not a sample");
  expect(samples).toEqual([
    { name: "trips_consumer_lag", labels: { topic: "a}b", partition: "2" }, value: 500 },
    { name: "trips_processed_total", labels: {}, value: 12 },
    { name: "up", labels: {}, value: Number.NaN },
  ]);
});
