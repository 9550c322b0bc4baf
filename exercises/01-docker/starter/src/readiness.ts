/** Whether the service wants requests, as `GET /readyz` says it. */
export class Readiness {
  /** Once it drains it stays so: the process is about to end, whatever the debug routes say. */
  isDraining = false;
  /** What the debug routes switch. */
  isSwitchedOff = false;

  get status(): "ready" | "not ready" | "draining" {
    if (this.isDraining) return "draining";
    return this.isSwitchedOff ? "not ready" : "ready";
  }
}
