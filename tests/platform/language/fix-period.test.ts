import fc from "fast-check";
import { expect, test } from "vitest";
import { fixPeriod } from "../../../platform/language/fix-period.ts";
import { namedPeriods, readPeriod } from "../../../platform/language/read-period.ts";

// 20:00 in New York, 02:00 of the next day in Warsaw.
const evening = new Date("2026-11-21T01:00:00.250Z");

test("a named period is the one of the zone, and of the moment when it was said", () => {
  const inNewYork = (period: string) => fixPeriod(period, "America/New_York", evening);
  expect(inNewYork("yesterday")).toBe("2026-11-19T00:00:00-05:00/2026-11-20T00:00:00-05:00");
  expect(inNewYork(" Today ")).toBe("2026-11-20T00:00:00-05:00/2026-11-20T20:00:01-05:00");
  expect(inNewYork("week")).toBe("2026-11-14T00:00:00-05:00/2026-11-20T20:00:01-05:00");
  expect(fixPeriod("yesterday", "UTC", evening)).toBe("2026-11-20T00:00:00+00:00/2026-11-21T00:00:00+00:00");
});

test("intervals, and what is no period, stay as they are", () => {
  for (const period of ["2026-11-01/2026-11-07", "2026-11-01T08:00/PT4H", "tomorrow", ""]) {
    expect(fixPeriod(period, "Europe/Warsaw", evening)).toBe(period);
  }
});

test("whenever and wherever it is read, it is the same span, but for the rest of a second", () => {
  const zone = fc.constantFrom("America/New_York", "Europe/Warsaw", "Asia/Kathmandu", "Pacific/Apia", "UTC");
  const at = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...namedPeriods), zone, zone, at, at, (period, said, read, saidAt, readAt) => {
      const meant = readPeriod(period, said, saidAt)!;
      const found = readPeriod(fixPeriod(period, said, saidAt), read, readAt);
      expect(found?.from).toEqual(meant.from);
      const late = found!.to.getTime() - meant.to.getTime();
      expect(late >= 0 && late <= 1_000).toBe(true);
    }),
    { numRuns: 200 },
  );
});
