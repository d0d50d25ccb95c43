import { expect, test } from "vitest";
import { killDuringStreams } from "../support/kill-during-streams.ts";

test("nothing acknowledged is lost when the process is killed during 50 streamed queries", {
  timeout: 120_000,
}, async () => {
  const outcome = await killDuringStreams({ rounds: 3, streams: 50 });
  expect(outcome).toMatchObject({ kills: 3, lost: 0, gaps: 0 });
  expect(outcome.acknowledged).toBeGreaterThan(50);
});
