import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import type { Evidence } from "../../../platform/evidence/evidence.ts";

const groundOf = (question: string, text: string, data: Record<string, unknown>) => {
  const item: Evidence = {
    id: "e1",
    service: "markets",
    title: "Rates",
    text,
    data,
    sourceName: "Source",
    observedAt: "2026-11-21T12:00:00Z",
    score: 1,
  };
  return createGround({
    texts: [question],
    evidence: [item],
    actions: [],
    locale: "en-GB",
    timezone: "Europe/London",
    now: new Date("2026-11-21T12:00:00Z"),
  });
};
const rate = { symbol: "CHFPLN", name: "Swiss franc", price: 4.5127, currency: "PLN", changePercent: 0.4 };

describe("figures that were worked out from known ones", () => {
  test.each([
    ["How much is 350 francs in zloty?", "Swiss franc: 4.5127 PLN", rate, "350 francs are about 1579.45 zł."],
    ["Ile to 350 franków?", "Frank: 4,5127 PLN", rate, "Za 350 franków zapłacisz 1579,45 zł."],
    ["What is 22% of 340?", "22% of 340 is 74.8.", { value: 74.8 }, "With the 74.8 it comes to 414.80."],
    ["כמה זה 22% מ-340?", "22% of 340 is 74.8.", { value: 74.8 }, "יחד זה 414.80."],
    ["What is the rent?", "Rent 1,385 EUR a month.", {}, "That makes €16,620 a year."],
    ["Яка оренда?", "Оренда 1385 EUR на місяць.", {}, "Тобто 16 620 євро на рік."],
  ])("are supported: %s %s", (question, text, data, answer) => {
    expect(groundOf(question, text, data).unsupported(answer)).toBeUndefined();
  });

  test.each([
    ["How much is 350 francs in zloty?", "Swiss franc: 4.5127 PLN", rate, "350 francs are about 1597.45 zł."],
    ["What is 22% of 340?", "22% of 340 is 74.8.", { value: 74.8 }, "With the 74.8 it comes to 424.80."],
    ["What is the rent?", "Rent 1,385 EUR a month.", {}, "That makes €16,260 a year."],
  ])("are not, when they were worked out wrong: %s %s", (question, text, data, answer) => {
    expect(groundOf(question, text, data).unsupported(answer)).toBeDefined();
  });

  test("are not believed where so many figures stand that chance gives any", () => {
    const many = Object.fromEntries(Array.from({ length: 35 }, (_, index) => [`field${index}`, 13 + index * 7]));
    expect(groundOf("What is it?", "", many).unsupported("It is 1234.")).toBeDefined();
  });
});
