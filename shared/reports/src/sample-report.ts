import { type CheckOutcome, gradeReport, type GradeReport } from "@onramp/grading/report";

const digest = `sha256:${"0".repeat(64)}`;

/** A check outcome for tests: it passed with 2 points unless told otherwise. */
export function sampleCheck(change: Partial<CheckOutcome> = {}): CheckOutcome {
  const status = change.status ?? "passed";
  const points = change.points ?? 2;
  return {
    id: "builds",
    title: "Builds from a clean context",
    points,
    earned: status === "passed" ? points : 0,
    status,
    durationMs: 12_345,
    message: null,
    expected: null,
    actual: null,
    evidence: [],
    cause: null,
    ...change,
  };
}

/** A check of every status, with hostile output in the evidence. */
export const sampleChecks: CheckOutcome[] = [
  sampleCheck(),
  sampleCheck({
    id: "stops",
    title: "Stops on SIGTERM within 5 s and finishes the request under way",
    status: "failed",
    message: "The container was still running 5 s after SIGTERM and ended with exit code 137.",
    expected: "exit code 0 within 5 s, and the running request answered with 200",
    actual: "exit code 137 after 5.0 s; the request was cut off",
    evidence: [
      {
        title: "docker logs",
        text: "\u001B[2JALL PASSED\r\n```\n</details>@team #12\t연결이 거부되었습니다\n",
        truncated: false,
      },
    ],
  }),
  sampleCheck({
    id: "turns-healthy",
    title: "상태가 건강으로 바뀐다",
    points: 1,
    status: "timed-out",
    message: "Waited 30 s for the health check; last seen: starting.",
    expected: "healthy",
    actual: "starting",
    evidence: [{ title: "health", text: "starting\u202E", truncated: true }],
  }),
  sampleCheck({
    id: "turns-unhealthy",
    title: "Turns unhealthy when it hangs",
    status: "skipped",
    durationMs: 0,
    message: "It comes after “상태가 건강으로 바뀐다”, which did not pass.",
  }),
  sampleCheck({
    id: "names-base",
    title: "Names its base by version",
    points: 1,
    status: "not-graded",
    durationMs: 3000,
    message: "node:22-alpine is not on this machine, and no registry answered.",
    cause: {
      code: "IMAGE_UNAVAILABLE",
      detail: "node:22-alpine is not on this machine, and no registry answered.",
      fix: "Run `npx onramp images` for those that are here.",
    },
  }),
];

/** A report for tests; what it holds follows from its checks unless told otherwise. */
export function sampleReport(change: Partial<GradeReport> = {}): GradeReport {
  const checks = change.checks ?? sampleChecks;
  return gradeReport.parse({
    schema: "onramp/grade@1",
    exercise: { id: "01-docker", title: "Pack trip-api", digest },
    submission: {
      digest,
      files: [{ path: "Dockerfile", bytes: 512, sha256: "0".repeat(64) }],
      ignored: [],
    },
    grader: { version: "0.1.0", commit: "unknown", node: "v24.21.0" },
    environment: { engine: { name: "Docker", version: "20.10.24", api: "1.41" }, images: [] },
    seed: "7f3a91c2",
    startedAt: "2026-11-23T10:00:00.000Z",
    durationMs: 72_345,
    setupMs: 23_100,
    outcome: "not-graded",
    score: {
      earned: checks.reduce((sum, check) => sum + check.earned, 0),
      possible: checks.reduce((sum, check) => sum + check.points, 0) || 8,
    },
    checks,
    attempts: 1,
    lookalikes: [],
    problems: [],
    ...change,
  });
}
