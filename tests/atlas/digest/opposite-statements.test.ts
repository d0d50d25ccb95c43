import { expect, test } from "vitest";
import { findOpposites } from "../../../atlas/digest/opposite-statements.ts";

const messagesOf = (...contents: readonly string[]) =>
  contents.map((content, index) => ({
    id: `m${index}`,
    threadId: "t",
    author: "ada",
    content,
    createdAt: new Date(Date.UTC(2026, 10, 16, index)),
    revisions: 0,
  }));
const pairs = (...contents: readonly string[]) =>
  findOpposites(messagesOf(...contents)).map(([older, newer]) => [older.sentence, newer.sentence]);

test.each([
  ["The staging server runs Debian 12.", "The staging server doesn't run Debian 12."],
  ["Serwer testowy działa w piwnicy.", "Serwer testowy nie działa w piwnicy."],
  ["Тестовий сервер працює вночі.", "Тестовий сервер не працює вночі."],
  ["שרת הבדיקות פועל בלילה.", "שרת הבדיקות לא פועל בלילה."],
])("the same words with and without a negation are opposites: %s", (one, other) => {
  expect(pairs(one, other)).toEqual([[one, other]]);
  expect(pairs(other, one)).toEqual([[other, one]]);
});

test("neither questions, nor what one message weighs itself, nor other words are", () => {
  expect(pairs("The backup runs at night.", "Does the backup not run at night?")).toEqual([]);
  expect(pairs("The backup runs at night. The backup doesn't run at night.")).toEqual([]);
  expect(pairs("The backup runs at night.", "The printer doesn't run at night.")).toEqual([]);
  expect(pairs("Yes.", "Not yes.")).toEqual([]);
});

test("what was told already is told once", () => {
  const [yes, no] = ["The backup runs at night.", "The backup doesn't run at night."];
  expect(pairs(yes, no, yes, no)).toEqual([[yes, no]]);
});
