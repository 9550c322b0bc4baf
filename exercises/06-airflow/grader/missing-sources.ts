import { fail } from "@onramp/grading/check-failure";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";

/** Demands that exactly these sources of a day were reported as missing, each once. */
export async function demandAlerts(
  { alerts }: AirflowService,
  day: string,
  missing: readonly string[],
): Promise<void> {
  const all = await alerts.received();
  const ofDay = all.filter(({ body }) => body.includes(day));
  const seen = ofDay.map(({ method, path, body }) => {
    const source = sourceIn(body);
    return method === "POST" && path === "/alerts" ? source : `${method} ${path}`;
  });
  if (seen.toSorted().join() === missing.toSorted().join()) return;
  const inWords = (list: readonly string[]): string =>
    list.length === 0 ? "no alert" : list.map((source) => `one for ${source}`).join(", ");
  fail(
    `For ${day} the alert receiver got ${inWords(seen)}; it should have got ${inWords(missing)}.`,
    {
      expected: `${inWords(missing)}: POST /alerts with {"day": "${day}", "source": "…"}`,
      actual:
        ofDay.map(({ method, path, body }) => `${method} ${path} ${body}`).join("\n") || "no alert",
    },
  );
}

/** The source that an alert names; what else it says when it names none. */
function sourceIn(body: string): string {
  try {
    const { source } = JSON.parse(body) as { source?: unknown };
    if (typeof source === "string") return source;
  } catch {
    // Told as it came.
  }
  return `“${body}”`;
}
