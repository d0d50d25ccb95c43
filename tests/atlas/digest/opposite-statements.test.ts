import { setImmediate } from "node:timers/promises";
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
const pairs = async (...contents: readonly string[]) =>
  (await findOpposites(messagesOf(...contents))).map(([older, newer]) => [older.sentence, newer.sentence]);

test.each([
  ["The staging server runs Debian 12.", "The staging server doesn't run Debian 12."],
  ["Serwer testowy działa w piwnicy.", "Serwer testowy nie działa w piwnicy."],
  ["Тестовий сервер працює вночі.", "Тестовий сервер не працює вночі."],
  ["שרת הבדיקות פועל בלילה.", "שרת הבדיקות לא פועל בלילה."],
])("the same words with and without a negation are opposites: %s", async (one, other) => {
  expect(await pairs(one, other)).toEqual([[one, other]]);
  expect(await pairs(other, one)).toEqual([[other, one]]);
});

test("neither questions, nor what one message weighs itself, nor other words are", async () => {
  expect(await pairs("The backup runs at night.", "Does the backup not run at night?")).toEqual([]);
  expect(await pairs("The backup runs at night. The backup doesn't run at night.")).toEqual([]);
  expect(await pairs("The backup runs at night.", "The printer doesn't run at night.")).toEqual([]);
  expect(await pairs("Yes.", "Not yes.")).toEqual([]);
});

test("what was told already is told once", async () => {
  const [yes, no] = ["The backup runs at night.", "The backup doesn't run at night."];
  expect(await pairs(yes, no, yes, no)).toEqual([[yes, no]]);
});

test("a week of a busy scope is read in steps: others get their turn in between", async () => {
  const texts = Array.from({ length: 3_000 }, (_, n) =>
    `The pump number ${n} runs well in the cellar today. `.repeat(4),
  );
  let turns = 0;
  let over = false;
  const other = (async () => {
    for (; !over; turns += 1) await setImmediate();
  })();
  await findOpposites(messagesOf(...texts));
  over = true;
  await other;
  expect(turns).toBeGreaterThan(3);
});
