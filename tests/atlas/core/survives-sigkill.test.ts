import { expect, test } from "vitest";
import { killCore } from "../../support/kill-core.ts";
import { describeWithServer } from "../../support/servers.ts";

const kills = 10;

describeWithServer("postgres", "a deep core that is killed while it follows", () => {
  test(`holds every message once, as it is now, after ${kills} kills`, { timeout: 240_000 }, async () => {
    const { messages, changes, lost, duplicated } = await killCore({ kills });
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
    expect(messages).toBeGreaterThan(20);
    expect(changes).toBeGreaterThan(0);
  });
});
