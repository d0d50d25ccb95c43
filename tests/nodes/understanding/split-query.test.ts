import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Judged } from "../../../nodes/understanding/judged.ts";
import { noOpenings } from "../../../nodes/understanding/request-openings.ts";
import { compileSegmenter } from "../../../nodes/understanding/segment-text.ts";
import { splitQuery } from "../../../nodes/understanding/split-query.ts";
import type { MultiIntentRuleRow } from "../../../platform/config/registry.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";

const rules = parse(
  readFileSync(new URL("../../../migrations/defaults/multi-intent-rules.yaml", import.meta.url), "utf8"),
) as MultiIntentRuleRow[];
const segmenter = compileSegmenter(rules);

interface Toy extends Judged {
  readonly text: string;
}
const requests: Readonly<Record<string, RegExp>> = { weather: /^weather/, news: /^news/, time: /^time/ };

/** Knows three words; a request is certain when it begins with one of them and names no other. */
const judge = (text: string): Toy => {
  const named = Object.keys(requests).filter((name) => text.includes(name));
  const intent = named.find((name) => requests[name]?.test(text)) ?? "chat";
  const isAsking = intent !== "chat";
  const likelihood = isAsking ? 0.95 ** (named.length ** 2) : 0.5;
  return {
    text,
    intent,
    confidence: likelihood,
    likelihood,
    isAsking,
    isOwnPart: isAsking,
    isCertain: isAsking && named.length === 1,
    isCourtesy: text === "hi",
  };
};
const split = (text: string, locale = "en") =>
  splitQuery(text, {
    segmenter,
    locale,
    openings: noOpenings,
    judge,
    inherit: (stretch, { judged }) => (/^in [A-Z]\w+$/.test(stretch) ? { ...judged, text: stretch } : undefined),
    extend: (_, judged) => judged,
  });

const request = fc.constantFrom("weather today", "news of the day", "time in Oslo", "weather please");
const filler = fc.constantFrom("hi", "in Rome", "Simon", "the sea", "");
const joint = fc.constantFrom(" and ", ", ", "? ", " and then ", "; ", ", but not ", " then ", "\n", ". Also ");

describe("splitting", () => {
  test("names what stands behind an unwanted stretch and is joined like a request", () => {
    for (const text of [
      "weather today but not news and then sing the sea",
      "weather today, but not news; sing the sea",
    ]) {
      const { parts, dropped, beyond } = split(text);
      expect(parts.map((part) => part.text)).toEqual(["weather today"]);
      expect(dropped).toEqual(["news"]);
      expect(beyond).toBe("sing the sea");
    }
  });

  test("gives each of several requests a part, in order, up to five", () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 9 }),
        fc.constantFrom(" and ", ", ", "? ", " and then "),
        (asked, by) => {
          const { parts, beyond } = split(asked.join(by));
          expect(parts.map(({ text }) => text.replace(/\?$/, ""))).toEqual(asked.slice(0, 5));
          expect(beyond === "").toBe(asked.length <= 5);
        },
      ),
    );
  });

  test("takes its parts, in order, from the text, and never from what it dropped", () => {
    const text = fc
      .array(fc.tuple(fc.oneof(request, filler), joint), { maxLength: 12 })
      .map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(text, (written) => {
        const { parts, dropped } = split(written);
        expect(parts.length).toBeGreaterThan(0);
        expect(parts.length).toBeLessThanOrEqual(5);
        let from = 0;
        for (const part of parts) {
          const at = written.indexOf(part.text, from);
          expect(at, JSON.stringify({ written, part: part.text })).toBeGreaterThanOrEqual(0);
          from = at + part.text.length;
        }
        const isDropped = (stretch: string) => dropped.includes(stretch);
        if (parts.length > 1)
          expect(parts.every((part) => !isDropped(part.text) || written.split(part.text).length > 2)).toBe(true);
      }),
    );
  });

  test("stands any text, of any language", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.constantFrom("en", "pl", "uk", "he", "xx"),
        (text, locale) => {
          expect(split(text, locale).parts.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("a negated request is dropped wherever it stands, and the others stay", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(request, fc.boolean()), { minLength: 1, maxLength: 5 }), (asked) => {
        const wanted = asked.filter(([, negated]) => !negated).map(([text]) => text);
        fc.pre(wanted.length > 0 && !asked[0]?.[1]);
        const written = asked
          .map(([text, negated], index) => (index === 0 ? text : `${negated ? ", but not" : ","} ${text}`))
          .join("");
        const { parts, dropped } = split(written);
        expect(parts.map(({ text }) => text)).toEqual(wanted);
        expect(dropped).toHaveLength(asked.length - wanted.length);
      }),
    );
  });

  test("2,000 characters of separators and requests take a few milliseconds", async () => {
    const hostile = ["and ", ", ", "but not ", "weather and ", "? ! ; ", "in Rome, ", "\n", "ו ", "a, b ", "without "];
    for (const unit of hostile) {
      const text = unit.repeat(Math.ceil(2_000 / unit.length)).slice(0, 2_000);
      for (const locale of ["en", "he"]) {
        expect(await leastCpuMs(() => split(text, locale)), JSON.stringify(unit)).toBeLessThan(40);
      }
    }
  });
});
