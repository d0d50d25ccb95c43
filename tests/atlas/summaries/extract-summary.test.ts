import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractSummary } from "../../../atlas/summaries/extract-summary.ts";
import { estimateTokens } from "../../../platform/models/estimate-usage.ts";

const messagesOf = (...texts: readonly string[]) =>
  texts.map((content, index) => ({ id: `m${index}`, role: index % 2 === 0 ? "user" : "assistant", content }));

const english = messagesOf(
  "Hi! The backup of the database server fails every night at three.",
  "Sorry to hear that. Which error does the log show?",
  "The log says that the disk of the backup host is full. Yes.",
  "Then remove old snapshots from the backup host, or give it a larger disk.",
  "Okay, thanks. I removed the snapshots of January and the backup ran well.",
  "Great, you are welcome!",
  "By the way, lunch was nice.",
);

describe("a summary made of a thread's own sentences", () => {
  test("keeps what the thread is about, in order, and names the messages", async () => {
    const { summary, sources, language } = (await extractSummary(english, 60))!;
    expect(summary).toContain("The backup of the database server fails every night at three.");
    expect(summary).toContain("I removed the snapshots of January and the backup ran well.");
    expect(summary).not.toMatch(/lunch|welcome/);
    expect(summary.indexOf("fails every night")).toBeLessThan(summary.indexOf("January"));
    expect(sources).toEqual(expect.arrayContaining(["m0", "m4"]));
    expect(language).toBe("en");
  });

  test.each([
    ["pl", "Kopia zapasowa serwera nie działa od wtorku.", "Usunąłem stare migawki i kopia zapasowa serwera działa."],
    ["uk", "Резервна копія сервера не працює з вівторка.", "Я видалив старі знімки, і резервна копія сервера працює."],
    ["he", "הגיבוי של השרת לא עובד מאז יום שלישי.", "מחקתי צילומים ישנים והגיבוי של השרת עובד."],
  ])("is in the thread's language: %s", async (language, first, last) => {
    const found = (await extractSummary(
      messagesOf(first, "Thanks for the English words about the weather in Lisbon.", last, first, last),
      40,
    ))!;
    expect(found.language).toBe(language);
    expect(found.summary).not.toContain("Lisbon");
    expect([first, last].some((sentence) => found.summary.includes(sentence))).toBe(true);
  });

  test("code, tables and quotes' marks are left out", async () => {
    const { summary } = (await extractSummary(
      messagesOf("How do I restart the nginx service on Debian?\n```sh\nsystemctl restart nginx\n```\n| a | b | c |"),
      50,
    ))!;
    expect(summary).toBe("How do I restart the nginx service on Debian?");
  });

  test("what is repeated is said once", async () => {
    const { summary } = (await extractSummary(
      messagesOf(...Array(6).fill("The printer in the cellar is out of paper.")),
      100,
    ))!;
    expect(summary).toBe("The printer in the cellar is out of paper.");
  });

  test("nothing comes of nothing", async () => {
    expect(await extractSummary(messagesOf("Hi!", "Hello.", "ok"), 50)).toBeUndefined();
    expect(await extractSummary([], 50)).toBeUndefined();
  });

  test("never longer than asked, only of the messages' words, and the same for the same", {
    timeout: 30_000,
  }, async () => {
    const words = fc.constantFrom(
      "server",
      "backup",
      "fails",
      "disk",
      "kot",
      "pies",
      "мама",
      "שלום",
      "the",
      "a.",
      "?",
      "\n",
    );
    const text = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(" "));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(text, fc.string({ unit: "grapheme" })), { maxLength: 20 }),
        fc.nat(200),
        async (texts, most) => {
          const found = await extractSummary(messagesOf(...texts), most);
          expect(await extractSummary(messagesOf(...texts), most)).toEqual(found);
          if (!found) return;
          expect(estimateTokens(found.summary.length)).toBeLessThanOrEqual(most);
          const all = texts.join(" ").replace(/\s+/g, " ");
          for (const word of found.summary.split(" ")) expect(all).toContain(word);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a long thread takes moments, in steps: others get their turn in between", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      `Message ${index} about host${index % 97} and disk${index % 31} there. `.repeat(4),
    );
    let turns = 0;
    let over = false;
    const other = (async () => {
      for (; !over; turns += 1) await setImmediate();
    })();
    const from = performance.now();
    await extractSummary(messagesOf(...many), 200);
    expect(performance.now() - from).toBeLessThan(3_000);
    over = true;
    await other;
    expect(turns).toBeGreaterThan(3);
  });
});
