import { defineConfig } from "vitest/config";

// Tests of the kit itself. Graders run with a configuration of their own (shared/grading/src/grader-process.ts).
const exclude = [
  "**/node_modules/**",
  "exercises/*/{starter,solution,variants,mutants}/**",
  "work/**",
];

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
          include: ["{shared,infra,exercises}/**/*.engine.test.ts"],
          exclude,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Two cores, and an engine that some of the tests hold alone: one file at a time.
          fileParallelism: false,
        },
      },
    ],
  },
});
