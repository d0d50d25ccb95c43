import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyseText } from "../../../atlas/index/analyse-text.ts";
import { askedDateTerms, dateTerms } from "../../../atlas/index/date-terms.ts";
import { hashTerm } from "../../../atlas/index/hash-term.ts";
import { itemTerms } from "../../../atlas/index/item-terms.ts";

const stems = (text: string) => analyseText(text).stems;
const sameStem = (...forms: string[]) => new Set(forms.map((form) => stems(form).join(" "))).size === 1;

describe("analysis of a text", () => {
  test("tells the language by script and words of the grammar", () => {
    const language = (text: string) => analyseText(text).language;
    expect(language("The server is down")).toBe("en");
    expect(language("Serwer nie działa od rana")).toBe("pl");
    expect(language("Сервер не працює")).toBe("uk");
    expect(language("השרת לא עובד")).toBe("he");
  });

  test("brings inflected forms together", () => {
    expect(sameStem("servers", "server", "server's")).toBe(true);
    expect(stems("książka i książki oraz książkę są")).toEqual(["ksiazk", "ksiazk", "ksiazk"]);
    expect(sameStem("зустріч", "зустрічі")).toBe(true);
    expect(sameStem("הפגישה", "פגישה", "בפגישה")).toBe(true);
  });

  test("leaves out words of the grammar and keeps short words, numbers and names whole", () => {
    expect(stems("What is the status of node 7 in Kyiv?")).toEqual(["statu", "node", "7", "kyiv"]);
    expect(stems("у місті Київ")).toContain("київ");
  });

  test("sees no difference in points, typographic apostrophes and diacritics of Latin letters", () => {
    expect(stems("שָׁלוֹם")).toEqual(stems("שלום"));
    expect(stems("п’ять")).toEqual(stems("п'ять"));
    expect(stems("café")).toEqual(stems("cafe"));
  });

  test("takes any text, gives no empty stem, and the same each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const first = stems(text);
        expect(first).not.toContain("");
        expect(stems(text)).toEqual(first);
        for (const stem of first) expect(hashTerm(stem)).not.toBe(0);
      }),
    );
  });

  test.each([
    ["one word", "w".repeat(100_000)],
    ["apostrophes", "a'".repeat(50_000)],
    ["distinct words", Array.from({ length: 16_000 }, (_, index) => `s${index.toString(36)}`).join(" ")],
    ["points", "ש\u05b8".repeat(50_000)],
  ])("takes time in proportion to the length: %s", (_name, text) => {
    const timeOf = (part: string) => {
      const at = performance.now();
      analyseText(part);
      return performance.now() - at;
    };
    const best = (part: string) => Math.min(...Array.from({ length: 3 }, () => timeOf(part)));
    // Twenty times the text may take a hundred times as long, never the four hundred of something quadratic.
    expect(best(text)).toBeLessThan(100 * Math.max(1, best(text.slice(0, text.length / 20))));
  });
});

describe("dates", () => {
  test("are the same terms in every language", () => {
    const asked = ["on 8 May 2023", "8 maja 2023", "8 травня 2023", "ב-8 במאי 2023"];
    for (const query of asked) expect([...askedDateTerms(query)].sort()).toEqual(["d:8", "m:5", "y:2023"]);
    expect(dateTerms(new Date("2023-05-08T13:56:00Z"))).toEqual(["y:2023", "m:5", "d:8"]);
  });

  test("are not seen in words that are months too", () => {
    expect(askedDateTerms("What may she do on the march?")).toEqual([]);
    expect(askedDateTerms("what happened in May?")).toEqual(["m:5"]);
  });
});

test("a long text is indexed in parts that hold all its words", () => {
  const words = Array.from({ length: 1_200 }, (_, index) => `word${index}`);
  const item = { id: "", kind: "message", scopeKey: "", parent: "", position: 1, author: "Ada" } as const;
  const parts = itemTerms({ ...item, text: words.join(" ") });
  expect(parts.map(({ part }) => part)).toEqual([0, 1, 2]);
  expect(parts.flatMap(({ text }) => text)).toEqual(words);
  expect(itemTerms({ ...item, text: "" })).toHaveLength(1);
});
