import { defineConfig } from "vitest/config";

/** Files that mostly wait (for time-outs, buses, Temporal): four at once keep the machine as busy as two of the others. */
const waiting = [
  "tests/rag-services/**/*.test.ts",
  "tests/platform/{cache,events,models}/**/*.test.ts",
  "tests/workflows/{jobs,schedules}/**/*.test.ts",
];
/** Files of functions and what is built from them, without servers: they share what they load, and leave nothing behind. */
const light = [
  "tests/{nodes,graphs,tools,workflows/crews}/**/*.test.ts",
  "tests/platform/{egress,language,logging}/**/*.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    env: { LANGSMITH_TRACING: "false", LOG_LEVEL: "silent" },
    projects: [
      {
        extends: true,
        test: { name: "waiting", include: waiting, maxWorkers: 4, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "busy",
          include: ["tests/**/*.test.ts"],
          exclude: [...waiting, ...light],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "light", include: light, isolate: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
