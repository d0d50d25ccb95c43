import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { geohash } from "../../../rag-services/events/geohash.ts";
import { readCalendar } from "../../../rag-services/events/read-calendar.ts";
import { ics, weekly, wholeDays } from "./replies.ts";

const from = Date.parse("2026-08-01T00:00:00Z");
const to = Date.parse("2026-08-15T00:00:00Z");
const read = (text: string) => readCalendar({ text, from, to }, AbortSignal.timeout(10_000));
const event = (rule: string) => `UID:x${rule.length}\nDTSTART:20000101T100000Z\nSUMMARY:rule\nRRULE:${rule}`;

describe("calendars", () => {
  test("a rule that never matches neither holds up the process nor hides the other events for long", async () => {
    const started = performance.now();
    let longestPause = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longestPause = Math.max(longestPause, performance.now() - last);
      last = performance.now();
    }, 5);
    const rules = Array.from({ length: 5 }, (_, index) =>
      event(`FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=${index + 9}`),
    );
    expect(await read(ics([wholeDays, ...rules]).body)).toBeUndefined();
    clearInterval(ticks);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(longestPause).toBeLessThan(500); // two cores are shared with the thread that works in vain
  });

  test("a rule that cannot be followed costs its own event only", async () => {
    const calendar = await read(ics([wholeDays, event("FREQ=DAILY;INTERVAL=0"), event("FREQ=MINUTELY")]).body);
    expect(calendar?.entries.map(({ title }) => title)).toContain("Pierogi festival");
  });

  test("one that writes into prototypes changes nothing here", async () => {
    await read(ics([`UID:__proto__\nDTSTART:20260805T190000Z\nSUMMARY:polluted`]).body);
    expect(({} as { summary?: unknown }).summary).toBeUndefined();
  });

  test("that are cut off, empty or none are refused", async () => {
    const whole = ics(weekly).body;
    expect(await read(whole.slice(0, -40))).toBeUndefined();
    expect(await read("")).toBeUndefined();
    expect(await read("<rss/>")).toBeUndefined();
    expect((await read(ics([]).body))?.entries).toEqual([]);
  });

  test("are left when the caller leaves", async () => {
    const caller = new AbortController();
    const asked = readCalendar({ text: ics(weekly).body, from, to }, caller.signal);
    caller.abort(new Error("caller left"));
    await expect(asked).rejects.toThrow("caller left");
  });
});

test.each([
  [57.64911, 10.40744, "u4pruyd"],
  [50.06143, 19.93658, "u2yhvgq"],
  [-33.8688, 151.2093, "r3gx2f7"],
])("%s, %s has the geohash %s", (latitude, longitude, code) => {
  expect(geohash(latitude, longitude).slice(0, 5)).toBe(code.slice(0, 5));
});
