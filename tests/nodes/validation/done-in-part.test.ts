import { describe, expect, test } from "vitest";
import { createJudge } from "../../../bench/eval/grounding.ts";

const judge = createJudge();
const zones = { en: "Europe/London", pl: "Europe/Warsaw", uk: "Europe/Kyiv", he: "Asia/Jerusalem" };
type Locale = keyof typeof zones;
type Row = Parameters<typeof judge>[0];

const verdict = (locale: Locale, question: string, answer: string, given: Partial<Pick<Row, "evidence" | "actions">>) =>
  judge({
    locale,
    timezone: zones[locale],
    now: "2026-10-12T08:00:00Z",
    question,
    evidence: [],
    actions: [],
    answer,
    label: "true",
    kind: "done in part",
    ...given,
  });

const item = (title: string, text: string, data: Record<string, unknown> = {}): Row["evidence"][number] => ({
  id: "e0",
  service: "web",
  sourceName: "Source",
  observedAt: "2026-10-12T08:00:00Z",
  score: 1,
  title,
  text,
  data,
});

const inPart = (area: string, success: readonly string[], failed: readonly string[]): Row["actions"] => [
  {
    tool: "HassTurnOff",
    args: { area },
    outcome: "ok",
    result: {
      response_type: "action_done",
      data: { success: success.map((name) => ({ name })), failed: failed.map((name) => ({ name })) },
    },
  },
];

const added = (done: string, failed: string): Row["actions"] => [
  { tool: "HassListAddItem", args: { item: done }, outcome: "ok", result: { success: true } },
  { tool: "HassListAddItem", args: { item: failed }, outcome: "failed", result: { error: "no connection" } },
];

describe("a call that came out for some of its targets", () => {
  const lamps = inPart("Office", ["Desk lamp"], ["Shelf lamp"]);
  const okna = inPart("Biuro", ["Żaluzja północna"], ["Żaluzja wschodnia"]);
  test.each<[Locale, Row["actions"], string, string]>([
    ["en", lamps, "Turn off the lamps in the office", "The desk lamp is off; the shelf lamp did not respond."],
    ["pl", okna, "Zamknij żaluzje w biurze", "Żaluzja północna jest zamknięta, ale ze wschodnią się nie udało."],
  ])("%s: may be told as it was", async (locale, actions, question, answer) => {
    expect(await verdict(locale, question, answer, { actions })).toBeUndefined();
  });
  test.each<[Locale, Row["actions"], string, string]>([
    ["en", lamps, "Turn off the lamps in the office", "Done, both lamps in the office are off."],
    ["pl", okna, "Zamknij żaluzje w biurze", "Gotowe, żaluzje w biurze są zamknięte."],
    ["pl", okna, "Zamknij żaluzje w biurze", "Żaluzja wschodnia jest zamknięta."],
  ])("%s: is not told as done: %s", async (locale, actions, question, answer) => {
    expect(await verdict(locale, question, answer, { actions })).toBeDefined();
  });
});

describe("one of two things asked for in a breath", () => {
  test.each<[Locale, Row["actions"], string, string]>([
    ["en", added("rice", "salt"), "Add rice and salt to the list", "Rice is on the list, but salt could not be added."],
    ["uk", added("рис", "сіль"), "Додай рис і сіль до списку", "Рис додано до списку, а сіль додати не вдалося."],
    ["he", added("אורז", "סוכר"), "הוסף אורז וסוכר לרשימה", "הוספתי אורז לרשימה, אבל סוכר לא נוסף."],
  ])("%s: that failed may be told", async (locale, actions, question, answer) => {
    expect(await verdict(locale, question, answer, { actions })).toBeUndefined();
  });
  test.each<[Locale, Row["actions"], string, string]>([
    ["uk", added("рис", "сіль"), "Додай рис і сіль до списку", "Рис і сіль додано до списку."],
    ["he", added("אורז", "סוכר"), "הוסף אורז וסוכר לרשימה", "הוספתי אורז וסוכר לרשימה."],
  ])("%s: that failed is not told as done", async (locale, actions, question, answer) => {
    expect(await verdict(locale, question, answer, { actions })).toBeDefined();
  });
});

describe("what is told the other way round", () => {
  const match = item("Wisła Kraków – Ruch Chorzów", "Round 4: Wisła Kraków 3–1 Ruch Chorzów (half-time 1–1).");
  const nested = item("Leeds United – Hull City", "Finished.", {
    home: { name: "Leeds United", score: 0 },
    away: { name: "Hull City", score: 2 },
  });
  const shares = item("ORLN", "ORLN: 61.20 PLN", { symbol: "ORLN", price: 61.2, changePercent: -2.41 });
  const bolts = item("Wheel bolts", "Tighten the wheel bolts to 90 lb-ft (122 N·m).");
  const fair = item("Книжковий ярмарок", "Friday 16 October: 12:30. Saturday 17 October 2026: 10:00.", {
    starts: ["2026-10-16T12:30:00+03:00", "2026-10-17T10:00:00+03:00"],
  });
  test.each<[Locale, Row["evidence"][number], string]>([
    ["pl", match, "Wisła wygrała z Ruchem 3:1."],
    ["en", nested, "Hull won 2–0 against Leeds."],
    ["en", shares, "ORLN is at 61.20, losing 2.41%."],
    ["en", bolts, "Tighten them to 90 lb-ft, that is 122 N·m."],
    ["uk", fair, "Ярмарок у п'ятницю о 12:30."],
    ["en", item("Dentist", "13 October 2026, 10:00"), "Tomorrow, on Tuesday, you see the dentist at 10:00."],
  ])("%s: the truth passes: %s", async (locale, evidence, answer) => {
    expect(await verdict(locale, "?", answer, { evidence: [evidence] })).toBeUndefined();
  });
  test.each<[Locale, Row["evidence"][number], string]>([
    ["pl", match, "Wisła przegrała z Ruchem 1:3."],
    ["en", nested, "Leeds won 2–0 against Hull."],
    ["en", shares, "ORLN is at 61.20, gaining 2.41%."],
    ["en", bolts, "Tighten them to 90 N·m."],
    ["uk", fair, "Ярмарок у неділю о 12:30."],
    ["en", item("Dentist", "13 October 2026, 10:00"), "Tomorrow, on Monday, you see the dentist at 10:00."],
  ])("%s: its reverse does not: %s", async (locale, evidence, answer) => {
    expect(await verdict(locale, "?", answer, { evidence: [evidence] })).toBeDefined();
  });
});

describe("things that data know by a code", () => {
  const board = item("Open issues", "OPS-11 and OPS-15 are open.", {
    issues: [
      { key: "OPS-11", assignee: "Nina Falk" },
      { key: "OPS-15", assignee: "Piotr Lis" },
    ],
  });
  test.each<[Locale, string]>([
    ["en", "OPS-11 is with Nina Falk, OPS-15 with Piotr Lis."],
    ["pl", "OPS-15 prowadzi Piotr Lis."],
  ])("%s: keep what belongs to them: %s", async (locale, answer) => {
    expect(await verdict(locale, "?", answer, { evidence: [board] })).toBeUndefined();
  });
  test.each<[Locale, string]>([
    ["en", "- **OPS-11**: Piotr Lis"],
    ["pl", "OPS-15 prowadzi Nina Falk."],
  ])("%s: are not told of with what is another's: %s", async (locale, answer) => {
    expect(await verdict(locale, "?", answer, { evidence: [board] })).toBeDefined();
  });
});
