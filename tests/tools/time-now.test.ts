import { expect, test } from "vitest";
import type { Gazetteer, Place } from "../../rag-services/places/place.ts";
import { createTimeNow } from "../../tools/time-now.ts";
import { runTool, toolContext } from "./support.ts";

const place = (name: string, country: string, admin1: string, timezone: string): Place => ({
  id: 1,
  name,
  country,
  admin1,
  timezone,
  latitude: 0,
  longitude: 0,
  population: 1,
});

const places: Pick<Gazetteer, "resolve"> = {
  resolve(phrase) {
    if (phrase === "Tokio")
      return { place: place("Tokyo", "JP", "40", "Asia/Tokyo"), alternatives: [], matched: phrase };
    if (phrase !== "Springfield") return undefined;
    return {
      place: place("Springfield", "US", "MO", "America/Chicago"),
      alternatives: [
        place("Springfield", "US", "MA", "America/New_York"),
        place("Springfield", "US", "IL", "America/Chicago"),
      ],
      matched: phrase,
    };
  },
};
const timeNow = createTimeNow({ places });

test("gives the user's own time when no place is asked for", async () => {
  const { output, text } = await runTool(timeNow, {});
  expect(output).toMatchObject({ localTime: "2025-11-21T14:32:05+01:00", timezone: "Europe/Warsaw" });
  expect(text).toBe("It is 14:32 on Friday, 21 November 2025 (Europe/Warsaw).");
});

test("calls a zone what the user calls it", async () => {
  const { text } = await runTool(timeNow, {}, toolContext({ timezone: "Europe/Kyiv" }));
  expect(text).toBe("It is 15:32 on Friday, 21 November 2025 (Europe/Kyiv).");
});

test("gives a place's time, in Polish too", async () => {
  const { output, text } = await runTool(timeNow, { place: "Tokio" }, toolContext({ locale: "pl" }));
  expect(output).toMatchObject({ localTime: "2025-11-21T22:32:05+09:00", place: "Tokyo", country: "JP" });
  expect(text).toBe("Tokyo, Japonia: jest 22:32, piątek, 21 listopada 2025.");
});

test("keeps the region's clock and answers other languages in English", async () => {
  expect((await runTool(timeNow, {}, toolContext({ locale: "en-US" }))).text).toContain(
    "It is 2:32 PM on Friday, November 21",
  );
  for (const locale of ["uk", "not a locale"]) {
    expect((await runTool(timeNow, {}, toolContext({ locale }))).text).toContain("It is 14:32 on Friday, 21 November");
  }
});

test("names other places of the name only where it is another time there", async () => {
  const { text } = await runTool(timeNow, { place: "Springfield" });
  expect(text).toBe(
    "It is 07:32 on Friday, 21 November 2025 in Springfield, United States. There is also Springfield, MA, US.",
  );
});

test("gives midnight as hour 0 and UTC as an offset", async () => {
  const context = toolContext({ timezone: "UTC", now: new Date("2025-11-21T00:05:00Z") });
  expect((await runTool(timeNow, {}, context)).output.localTime).toBe("2025-11-21T00:05:00+00:00");
});

test("refuses unknown places and zones by name", async () => {
  await expect(runTool(timeNow, { place: "Nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND", field: "place" });
  await expect(runTool(timeNow, { timezone: "Mars/Olympus" })).rejects.toThrow("'Mars/Olympus' is not a time zone.");
});
