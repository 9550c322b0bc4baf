/** One JSON object a line, on stdout: that is what Airflow shows as the task's log. */
export function log(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), message, ...fields }));
}
