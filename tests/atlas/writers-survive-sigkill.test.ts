import { expect, test } from "vitest";
import { killWriters } from "../support/kill-writers.ts";
import { describeWithServer } from "../support/servers.ts";

const kills = 10;

describeWithServer("postgres", "writers of the same threads", () => {
  test(`${kills} kills lose no acknowledged message, leave no gap, and every message is told of once`, {
    timeout: 120_000,
  }, async () => {
    const outcome = await killWriters({ kills });
    expect(outcome).toMatchObject({ kills, lost: 0, gaps: 0, mistold: 0 });
    expect(outcome.acknowledged).toBeGreaterThan(kills * 10);
  });
});
