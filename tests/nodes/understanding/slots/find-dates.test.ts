import { describe, expect, test } from "vitest";
import { findAnyDates } from "../../../../nodes/understanding/slots/find-english-dates.ts";

// A Wednesday, late enough that it is Thursday already further east.
const now = new Date("2026-11-18T22:30:00Z");
const find = (text: string, locale: string, timezone = "Europe/London") =>
  findAnyDates(text, { locale, timezone, now });

describe("days in text", () => {
  test.each([
    ["en", "tomorrow", "2026-11-19"],
    ["en", "the day after tomorrow", "2026-11-20"],
    ["en", "on Friday", "2026-11-20"],
    ["en", "next Wednesday", "2026-11-25"],
    ["en", "last Saturday", "2026-11-14"],
    ["en", "in 3 days", "2026-11-21"],
    ["en", "three days ago", "2026-11-15"],
    ["en", "on November 25", "2026-11-25"],
    ["en", "25th of December 2027", "2027-12-25"],
    ["en", "2026-12-01", "2026-12-01"],
    ["pl", "jutro", "2026-11-19"],
    ["pl", "pojutrze", "2026-11-20"],
    ["pl", "w piątek", "2026-11-20"],
    ["pl", "w przyszłą środę", "2026-11-25"],
    ["pl", "za 3 dni", "2026-11-21"],
    ["pl", "25 listopada", "2026-11-25"],
    ["pl", "3.12.2026", "2026-12-03"],
    ["uk", "завтра", "2026-11-19"],
    ["uk", "сьогодні", "2026-11-18"],
    ["uk", "у п'ятницю", "2026-11-20"],
    ["uk", "25 листопада", "2026-11-25"],
    ["he", "מחר", "2026-11-19"],
    ["he", "היום", "2026-11-18"],
    ["he", "ביום שישי", "2026-11-20"],
    ["he", "25 בנובמבר", "2026-11-25"],
  ])("%s: %s is %s", (locale, text, date) => {
    expect(find(text, locale)).toEqual({ date });
  });

  test.each([
    ["en", "this weekend", "2026-11-21", "2026-11-22"],
    ["en", "next week", "2026-11-23", "2026-11-29"],
    ["en", "next month", "2026-12-01", "2026-12-31"],
    ["en", "in March", "2027-03-01", "2027-03-31"],
    ["en", "between 3 and 10 December", "2026-12-03", "2026-12-10"],
    ["pl", "w weekend", "2026-11-21", "2026-11-22"],
    ["pl", "w przyszłym miesiącu", "2026-12-01", "2026-12-31"],
    ["uk", "на вихідних", "2026-11-21", "2026-11-22"],
    ["he", "בסוף השבוע", "2026-11-21", "2026-11-22"],
  ])("%s: %s is %s to %s", (locale, text, date, dateTo) => {
    expect(find(text, locale)).toEqual({ date, dateTo });
  });

  test("count from the user's own day", () => {
    expect(find("today", "en", "Asia/Tokyo")).toEqual({ date: "2026-11-19" });
    expect(find("today", "en", "America/Los_Angeles")).toEqual({ date: "2026-11-18" });
  });

  test.each([
    "may I ask something",
    "the march of progress",
    "room 12.5",
    "2.5 kg",
    "31 February",
    "version 1.2.3",
    "Sun Microsystems",
    "",
  ])("%j names none", (text) => {
    expect(find(text, "en")).toBeUndefined();
  });
});
