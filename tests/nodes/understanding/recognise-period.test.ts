import fc from "fast-check";
import { expect, test } from "vitest";
import { periodRecogniser } from "../../../nodes/understanding/slots/recognise-period.ts";
import type { SlotContext } from "../../../nodes/understanding/slots/slot-recogniser.ts";
import { readPeriod } from "../../../platform/language/read-period.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";

// A Saturday morning in Warsaw.
const context: SlotContext = {
  locale: "en",
  timezone: "Europe/Warsaw",
  now: new Date("2026-11-21T08:00:00Z"),
  gazetteer: createGazetteer(),
};
const find = (text: string) => periodRecogniser.find(text, context);

test.each([
  ["write me a report on today", "today"],
  ["raport z wczoraj", "yesterday"],
  ["דוח על אתמול", "yesterday"],
  ["this week's report", "week"],
  ["raport tygodniowy", "week"],
  ["зроби тижневий звіт", "week"],
  ["דוח שבועי", "week"],
  ["a daily report", "today"],
  ["last week's incidents", "2026-11-09/2026-11-15"],
  ["raport za zeszły tydzień", "2026-11-09/2026-11-15"],
  ["the monthly report", "2026-11-01/2026-11-21"],
  ["звіт за минулий місяць", "2026-10-01/2026-10-31"],
  ["raport za ostatnie 14 dni", "2026-11-08/2026-11-21"],
  ["raport za ostatni kwartał", "2026-07-01/2026-09-30"],
  ["a report for last year", "2025-01-01/2025-12-31"],
  ["raport za maj", "2026-05-01/2026-05-31"],
  ["a report for December", "2025-12-01/2025-12-31"],
  ["a report for May 2024", "2024-05-01/2024-05-31"],
  ["report for Monday", "2026-11-16/2026-11-16"],
  ["report for 3-10 November", "2026-11-03/2026-11-10"],
  ["report from 2026-11-01 to 2026-11-07", "2026-11-01/2026-11-07"],
  ["report 2026-11-01T08:00/PT4H", "2026-11-01T08:00/PT4H"],
])("'%s' is about %s", (text, period) => {
  expect(find(text)).toBe(period);
});

test.each(["a report about heat pumps", "report for tomorrow", "next week's report", "from 1900-01-01 to 2026-01-01"])(
  "'%s' names no period that has been",
  (text) => {
    expect(find(text)).toBeUndefined();
  },
);

test("what it gives can be read as a period, whatever it is given", () => {
  const word = fc.constantFrom(
    ..."report for last this week month quarter year May maja 31 30 2026 2026-02-31 / to days 14 999 Monday przedwczoraj за минулий".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: word }, fc.string()), { maxLength: 8 }), (words) => {
      const period = find(words.join(" "));
      if (period !== undefined) expect(readPeriod(String(period), context.timezone, context.now)).toBeDefined();
    }),
  );
});
