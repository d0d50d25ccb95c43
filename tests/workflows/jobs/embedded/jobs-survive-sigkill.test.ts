import { expect, test } from "vitest";
import { type JobKillsOutcome, killJobs } from "../../../support/kill-jobs.ts";
import { describeWithServer } from "../../../support/servers.ts";

const kills = 3;
const timeout = 120_000;

const clean = (outcome: JobKillsOutcome): void => {
  expect(outcome).toMatchObject({ kills, incomplete: 0, lost: 0, repeated: 0, missaid: 0 });
  expect(outcome.cutOff).toBeGreaterThan(0);
};

test(
  `a crew of twenty tasks whose process is killed ${kills} times has each effect once, and its result once`,
  {
    timeout,
  },
  async () => clean(await killJobs({ kills, on: "embedded" })),
);

describeWithServer("postgres", "of two processes on one PostgreSQL", () => {
  test(`one is killed ${kills} times, and the other goes on with its job`, { timeout }, async () =>
    clean(await killJobs({ kills, on: "external" })),
  );
});
