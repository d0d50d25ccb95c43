import { expect, test } from "vitest";
import { killTemporalWorkers } from "../../../support/kill-temporal-workers.ts";
import { describeWithServer } from "../../../support/servers.ts";

// `npm run faults` does this 50 times.
describeWithServer("postgres", "a worker that is killed during a crew of 20 tasks", () => {
  describeWithServer("temporal", "on Temporal", () => {
    test("loses no effect, has none twice, and the result is in the thread once", { timeout: 120_000 }, async () => {
      const outcome = await killTemporalWorkers({ kills: 3 });
      expect(outcome).toMatchObject({ kills: 3, uncompleted: 0, lost: 0, duplicated: 0, mistold: 0 });
      expect(outcome.tasks).toBeGreaterThanOrEqual(20);
    });
  });
});
