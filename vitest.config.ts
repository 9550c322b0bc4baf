import { defineConfig } from "vitest/config";

// Tests of the kit itself. Graders run with a configuration of their own (shared/grading/src/grader-process.ts).
const exclude = [
  "**/node_modules/**",
  "exercises/*/{starter,solution,variants,mutants}/**",
  "work/**",
];

const engineTests = "{shared,infra,exercises}/**/*.engine.test.ts";
/** They change the engine itself, or count what is on it: nothing else may run beside them. */
const alone = [
  "infra/**/*.engine.test.ts",
  "shared/testbed/src/kept/*.engine.test.ts",
  "shared/testbed/src/docker/builder.engine.test.ts",
  "shared/cli/src/{interrupt,leftovers}.engine.test.ts",
];
const engineTimes = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    // Named, because the default differs by environment; `npm test` adds one that it counts by.
    reporters: ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{shared,infra,exercises}/**/*.test.ts"],
          exclude: [...exclude, "**/*.engine.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "engine",
          include: [engineTests],
          exclude: [...exclude, ...alone],
          ...engineTimes,
          // As many as there are processors on the smallest machine that the kit is for.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "engine-alone",
          include: alone,
          exclude,
          ...engineTimes,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
