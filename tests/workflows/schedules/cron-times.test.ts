import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCron } from "../../../workflows/schedules/cron-times.ts";

const at = (text: string) => new Date(text);
const following = (cron: string, timezone: string, from: string, count: number): string[] => {
  const times = readCron(cron, timezone);
  const found: string[] = [];
  for (let last = at(from); found.length < count; ) {
    last = times.next(last)!;
    found.push(last.toISOString().slice(0, 16));
  }
  return found;
};

describe("times of a cron expression", () => {
  test("what is daily comes every day, also when the clock leaves its time out, and right after the gap then", () => {
    expect(following("30 2 * * *", "Europe/Warsaw", "2026-03-27T12:00:00Z", 3)).toEqual([
      "2026-03-28T01:30",
      "2026-03-29T01:00",
      "2026-03-30T00:30",
    ]);
  });

  test("what is daily comes once when its time is there twice", () => {
    expect(following("30 2 * * *", "Europe/Warsaw", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
  });

  test("what comes every half hour goes on through both changes", () => {
    for (const from of ["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"]) {
      const times = following("*/30 * * * *", "Europe/Warsaw", from, 6).map((time) => at(`${time}:00Z`).getTime());
      expect(times.slice(1).map((time, index) => (time - times[index]!) / 60_000)).toEqual([30, 30, 30, 30, 30]);
    }
  });

  test("the last time up to a moment is that moment when it is one", () => {
    const { last } = readCron("*/5 * * * *", "UTC");
    expect(last(at("2026-03-02T10:05:00.000Z"))).toEqual(at("2026-03-02T10:05:00Z"));
    expect(last(at("2026-03-02T10:04:59.999Z"))).toEqual(at("2026-03-02T10:00:00Z"));
  });

  test("a day that never comes has no time", () => {
    expect(readCron("0 0 31 2 *", "UTC").next(at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });

  test("the next time is later, and is the last one when it has come", { timeout: 30_000 }, () => {
    const cron = fc.constantFrom("*/5 * * * *", "30 2 * * *", "0 6 * * 1", "15 1 1 * *");
    const zone = fc.constantFrom("UTC", "Europe/Warsaw", "Asia/Jerusalem", "America/New_York", "Australia/Lord_Howe");
    const moment = fc.date({ min: at("2024-01-01"), max: at("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(cron, zone, moment, (expression, timezone, from) => {
        const times = readCron(expression, timezone);
        const next = times.next(from)!;
        expect(next.getTime()).toBeGreaterThan(from.getTime());
        expect(times.last(next)!.getTime()).toBe(next.getTime());
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["whenever", "UTC"],
    ["* * * *", "UTC"],
    ["* * * * * *", "UTC"],
    ["61 * * * *", "UTC"],
    ["2027-01-01T00:00:00", "UTC"],
    ["0 0 * * *", "Nowhere/Else"],
  ])("'%s' in '%s' is refused", (cron, timezone) => {
    expect(() => readCron(cron, timezone)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});
