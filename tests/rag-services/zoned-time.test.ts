import fc from "fast-check";
import { expect, test } from "vitest";
import { dayBounds, dayOfSlot, instantOf } from "../../rag-services/zoned-time.ts";

const zones = ["UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"];
const shownIn = (moment: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })
    .format(moment)
    .replace(" ", "T");

test("a zone's clocks show the local time at the moment that is given, or skip it", () => {
  const moments = fc.date({ min: new Date("2015-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(moments, fc.constantFrom(...zones), (moment, zone) => {
      const local = shownIn(moment, zone);
      expect(shownIn(instantOf(local, zone), zone)).toBe(local);
    }),
  );
});

test("a repeated hour gives its first run, a skipped one the time after the jump", () => {
  expect(instantOf("2026-10-25T02:30", "Europe/Warsaw").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-03-29T02:30", "Europe/Warsaw").toISOString()).toBe("2026-03-29T01:30:00.000Z");
});

test("a day of a clock change has 25 or 23 hours", () => {
  const hours = (day: string) => {
    const { from, to } = dayBounds(day, "Europe/Warsaw");
    return (to.getTime() - from.getTime()) / 3_600_000;
  };
  expect([hours("2026-10-25"), hours("2026-03-29"), hours("2026-08-01")]).toEqual([25, 23, 24]);
});

test.each([
  ["2026-08-01", "2026-08-01"],
  ["2026-08-01T23:30:00Z", "2026-08-02"],
  ["2026-08-01T23:30:00", "2026-08-01"],
  ["2026-02-30", undefined],
  ["tomorrow", undefined],
  ["", undefined],
])("the day of %j is %s in Warsaw", (slot, day) => {
  expect(dayOfSlot(slot, "Europe/Warsaw")).toBe(day);
});
