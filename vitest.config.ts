import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that mostly wait (for time-outs, buses, Temporal): five at once keep the machine as busy as two of the others. */
const waiting = [
  "tests/rag-services/**/*.test.ts",
  "tests/platform/{cache,events,models}/**/*.test.ts",
  "tests/workflows/{jobs,schedules}/**/*.test.ts",
];
/** Files of functions and what is built from them, without servers: they share what they load, and leave nothing behind. */
const light = [
  "tests/{nodes,graphs,tools}/**/*.test.ts",
  "tests/workflows/{crews,task-work}/**/*.test.ts",
  "tests/platform/{egress,language,logging}/**/*.test.ts",
];

/** Files that take longest, most of it in processes of their own. */
const longest =
  /workflows\/jobs\/(temporal\/temporal-|.*kill)|contracts\/(data-layer|indexes)|commands\/running|front\/front\./;

/** Those begin first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => longest.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
    env: { LANGSMITH_TRACING: "false", LOG_LEVEL: "silent" },
    projects: [
      {
        extends: true,
        test: { name: "waiting", include: waiting, maxWorkers: 5, sequence: { groupOrder: 0 } },
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
