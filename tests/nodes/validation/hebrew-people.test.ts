import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import { unknownName } from "../../../nodes/validation/grounded-names.ts";
import { knownNamesOf } from "../../../nodes/validation/known-names.ts";

const ground = createGround({
  texts: ["מי מנהל את הפרויקט?"],
  evidence: [
    {
      id: "e1",
      service: "search",
      title: "הפרויקט בנמל",
      text: "מנהל הפרויקט גיא ברנע נפגש עם לאה שגיא. הצטרפה גם הפועל לוד בהופעה של דקלון. פורסם בעיתון הנמל.",
      data: { team: "הפועל לוד", manager: "גיא ברנע" },
      sourceName: "עיתון הנמל",
      observedAt: "2026-11-21T12:00:00Z",
      score: 1,
    },
  ],
  actions: [],
  locale: "he",
  timezone: "Asia/Jerusalem",
  now: new Date("2026-11-21T12:00:00Z"),
});
const known = knownNamesOf(ground);
const kinds = new Set(["name"] as const);

describe("Hebrew names, which no capital gives away", () => {
  test.each([
    "המנהל הוא גיא לנדאו.",
    "הוא נפגש עם לאה רוזנברג.",
    "דנה הצטרפה לפגישה.",
    "המשחק הבא הוא נגד הפועל עכו.",
    "המנהלת היא שירלי.",
    "כך פורסם ב״ידיעות״.",
    "ההצעה של יעל שמיר התקבלה.",
  ])("are unknown: %s", (sentence) => {
    expect(unknownName(sentence, ground, known, kinds)).toBeDefined();
  });

  test.each([
    "גיא ברנע מנהל את הפרויקט.",
    "ברנע נפגש עם לאה שגיא ביום שישי.",
    "הפועל לוד הצטרפה.",
    "לאה אמרה שהפגישה תתקיים מחר.",
    "כך פורסם ב״הנמל״.",
    "המחיר הוא 40 ש״ח, כולל מע״מ.",
    "אפשר לכבות את האור בסלון.",
    "הפגישה עם גיא במשרד.",
    "יש אור לבן, והרשימה שלמה.",
  ])("are known, or none: %s", (sentence) => {
    expect(unknownName(sentence, ground, known, kinds)).toBeUndefined();
  });
});
