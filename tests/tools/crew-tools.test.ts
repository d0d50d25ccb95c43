import { expect, test } from "vitest";
import type { Activity, ActivityQuestion } from "../../atlas/read-activity.ts";
import { createActivity } from "../../tools/activity.ts";
import { createCheckSystem } from "../../tools/check-system.ts";
import { runTool, toolContext } from "./support.ts";

const activity: Activity = {
  threads: 1,
  messages: 2,
  ownMessages: 1,
  authors: 1,
  documents: 0,
  queries: 1,
  degraded: 0,
  meanMs: 12,
  tokens: 34,
  timeline: [
    { messageId: "m1", threadId: "t1", at: new Date("2026-11-20T10:00:00Z"), author: "ada", text: "The boiler leaks." },
  ],
};

test("activity is read for the caller, in the period as it is meant in the caller's zone", async () => {
  const asked: ActivityQuestion[] = [];
  const tool = createActivity({
    readActivity: async (question) => {
      asked.push(question);
      return activity;
    },
  });
  const context = toolContext({ now: new Date("2026-11-21T12:00:00Z"), timezone: "Europe/Warsaw" });
  const { text, output } = await runTool(tool, { period: "yesterday" }, context);
  expect(asked).toEqual([
    {
      principal: context.principal.id,
      from: new Date("2026-11-19T23:00:00Z"),
      to: new Date("2026-11-20T23:00:00Z"),
    },
  ]);
  expect(output).toMatchObject({ figures: { messages: 2, tokens: 34 }, timeline: [{ messageId: "m1" }] });
  expect(text).toContain("ada: The boiler leaks.");
});

test("activity of what is no period is refused", async () => {
  const tool = createActivity({ readActivity: async () => activity });
  await expect(runTool(tool, { period: "soon" }, toolContext())).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

test("the system's state names its parts and open alerts", async () => {
  const tool = createCheckSystem({
    readSystem: async () => ({
      parts: [{ name: "cache", state: "down" }],
      alerts: [{ id: "schedule:nightly-index", severity: "warning" }],
    }),
  });
  expect((await runTool(tool, {}, toolContext())).text).toBe("- cache: down\n- schedule:nightly-index: warning");
});
