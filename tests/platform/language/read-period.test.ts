import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPeriod } from "../../../platform/language/read-period.ts";

const now = new Date("2026-11-21T12:34:56Z");
const told = (text: string, timezone = "Europe/Warsaw") => {
  const period = readPeriod(text, timezone, now);
  return period && [period.from.toISOString(), period.to.toISOString()];
};

describe("a period", () => {
  test.each([
    ["today", "2026-11-20T23:00:00.000Z", now.toISOString()],
    ["yesterday", "2026-11-19T23:00:00.000Z", "2026-11-20T23:00:00.000Z"],
    ["week", "2026-11-14T23:00:00.000Z", now.toISOString()],
    ["2026-11-01/2026-11-07", "2026-10-31T23:00:00.000Z", "2026-11-07T23:00:00.000Z"],
    ["2026-11-01T08:00/PT4H", "2026-11-01T07:00:00.000Z", "2026-11-01T11:00:00.000Z"],
    ["2026-11-01T08:00Z/2026-11-01T09:30Z", "2026-11-01T08:00:00.000Z", "2026-11-01T09:30:00.000Z"],
    ["P1D/2026-11-02T00:00:00+01:00", "2026-10-31T23:00:00.000Z", "2026-11-01T23:00:00.000Z"],
    // The day on which the clocks go back has 25 hours.
    ["2026-10-25/2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  ])("'%s' is read in the zone", (text, from, to) => {
    expect(told(text)).toEqual([from, to]);
  });

  test.each([
    "",
    "tomorrow",
    "2026-11-01",
    "2026-11-07/2026-11-01",
    "2026-02-30/2026-03-02",
    "2020-01-01/2026-01-01",
    "P1D/P1D",
    "P/2026-11-01",
    "a/b/c",
    "2026-11-01T25:00/PT4H",
  ])("'%s' is none", (text) => {
    expect(told(text)).toBeUndefined();
  });

  test("never ends before it begins, whatever the text", () => {
    const day = fc.date({ min: new Date("2000-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
    const text = fc.oneof(
      fc.string(),
      fc.tuple(day, day).map((days) => days.map((date) => date.toISOString().slice(0, 10)).join("/")),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata"), (given, timezone) => {
        const period = readPeriod(given, timezone, now);
        expect(period === undefined || period.from.getTime() < period.to.getTime()).toBe(true);
      }),
    );
  });
});
