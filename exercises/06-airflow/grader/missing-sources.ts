import { fail } from "@onramp/grading/check-failure";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";

/** Demands that exactly these sources of a day were reported as missing, each once. */
export async function demandAlerts(
  { alerts }: AirflowService,
  day: string,
  missing: readonly string[],
): Promise<void> {
  const all = await alerts.received();
  // One that names no day may be meant for this one, and is wrong then.
  const ofDay = all.filter(({ body }) => (alertIn(body)?.day ?? body).includes(day));
  const seen = ofDay.map(({ method, path, body }) => {
    const alert = alertIn(body);
    const source = alert?.day === day ? alert.source : `“${body}”`;
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

/** Day and source of an alert; undefined when it does not name both. */
function alertIn(body: string): { readonly day: string; readonly source: string } | undefined {
  try {
    const { day, source } = JSON.parse(body) as { day?: unknown; source?: unknown };
    if (typeof day === "string" && typeof source === "string") return { day, source };
  } catch {
    // Told as it came.
  }
  return undefined;
}
