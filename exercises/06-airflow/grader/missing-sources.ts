import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { watchFor } from "@onramp/grading/watch-for";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";

/** How long after a run its alerts may come, in milliseconds: Airflow calls the callbacks of a task after its end. */
const callbackLimitMs = 10_000;

/** Demands that exactly these sources of a day were reported as missing, each once; `when` is what the day is, behind it. */
export async function demandAlerts(
  { alerts }: AirflowService,
  day: string,
  missing: readonly string[],
  { signal }: Pick<CheckContext, "signal">,
  when = "",
): Promise<void> {
  // One that names no day may be meant for this one, and is wrong then.
  const alertsOfDay = async () =>
    (await alerts.received()).filter(({ body }) => (alertIn(body)?.day ?? body).includes(day));
  await watchFor(
    async () => {
      const { length } = await alertsOfDay();
      return { done: length >= missing.length, seen: `${length} alerts` };
    },
    { forMs: callbackLimitMs, everyMs: 250, signal },
  );
  const ofDay = await alertsOfDay();
  const seen = ofDay.map(({ method, path, body }) => {
    const alert = alertIn(body);
    const source = alert?.day === day ? alert.source : `“${body}”`;
    return method === "POST" && path === "/alerts" ? source : `${method} ${path}`;
  });
  if (seen.toSorted().join() === missing.toSorted().join()) return;
  const inWords = (list: readonly string[]): string =>
    list.length === 0 ? "no alert" : list.map((source) => `one for ${source}`).join(", ");
  fail(
    `For ${day}${when} the alert receiver got ${inWords(seen)}; it should have got ${inWords(missing)}.`,
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
