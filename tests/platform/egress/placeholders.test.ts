import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPermit } from "../../../platform/egress/create-permit.ts";
import { createPlaceholders } from "../../../platform/egress/placeholders.ts";
import type { Recogniser } from "../../../platform/egress/recognisers/span.ts";

const sanitized = (options: { recognisers?: readonly Recogniser[]; knownNames?: readonly string[] } = {}) =>
  createPermit({ class: "sanitized", confidential: true, budgetMs: 5_000, ...options });

/** Cuts a text at random places; empty pieces included. */
const cuts = (text: string) =>
  fc.array(fc.nat({ max: text.length }), { maxLength: 12 }).map((places) => {
    const sorted = [0, ...places.sort((a, b) => a - b), text.length];
    return sorted.slice(1).map((end, at) => text.slice(sorted[at], end));
  });

describe("concealing", () => {
  test("replaces identifiers by typed placeholders, the same value by the same one", () => {
    const permit = sanitized();
    expect(permit.conceal("Write to anna@example.com or jan@example.org, but first to anna@example.com.")).toBe(
      "Write to ⟨EMAIL_1⟩ or ⟨EMAIL_2⟩, but first to ⟨EMAIL_1⟩.",
    );
    expect(permit.conceal("Again jan@example.org")).toBe("Again ⟨EMAIL_2⟩");
  });

  test("leaves the text alone when everything may leave", () => {
    const permit = createPermit({ class: "full", confidential: true });
    expect(permit.conceal("anna@example.com")).toBe("anna@example.com");
  });

  test.each(["local-only", "blocked", "generalised"] as const)(
    "also works in class %s, for callers who did not ask",
    (egressClass) => {
      const permit = createPermit({ class: egressClass, confidential: true });
      expect(permit.conceal("anna@example.com")).toBe("⟨EMAIL_1⟩");
    },
  );

  test("conceals names of the principal's own directory in any case", () => {
    expect(sanitized({ knownNames: ["Zofia Nowak"] }).conceal("ask zofia nowak today")).toBe("ask ⟨PERSON_1⟩ today");
  });

  test("never gives out a name that the text itself already holds", () => {
    const permit = sanitized();
    const concealed = permit.conceal("Literally ⟨EMAIL_1⟩ and anna@example.com");
    expect(concealed).toBe("Literally ⟨EMAIL_1⟩ and ⟨EMAIL_2⟩");
    expect(permit.restore(concealed)).toBe("Literally ⟨EMAIL_1⟩ and anna@example.com");
  });

  test("keeps text apart that looks like a placeholder given out before", () => {
    const permit = sanitized();
    const first = permit.conceal("anna@example.com");
    const second = permit.conceal(`They wrote ${first} to jan@example.org`);
    expect(first).toBe("⟨EMAIL_1⟩");
    expect(second).toBe("They wrote ⟨LITERAL_1⟩ to ⟨EMAIL_2⟩");
    expect(permit.restore(`${first}, ${second}`)).toBe("anna@example.com, They wrote ⟨EMAIL_1⟩ to jan@example.org");
  });

  test("fails closed when a recogniser throws", () => {
    const broken: Recogniser = {
      name: "broken",
      find: () => {
        throw new Error("secret of anna@example.com");
      },
    };
    expect(() => sanitized({ recognisers: [broken] }).conceal("anything")).toThrow(
      expect.objectContaining({ code: "EGRESS_BLOCKED", message: expect.not.stringContaining("anna") }),
    );
  });

  test("fails closed when the recognisers are too slow", () => {
    const slow: Recogniser = {
      name: "slow",
      *find(_text, check) {
        for (;;) {
          check();
          yield { start: 0, end: 1, kind: "X" };
        }
      },
    };
    const permit = createPermit({ class: "sanitized", confidential: true, recognisers: [slow], budgetMs: 5 });
    expect(() => permit.conceal("anything")).toThrow(expect.objectContaining({ code: "EGRESS_BLOCKED" }));
  });

  test("refuses what is too long to be checked", () => {
    expect(() => sanitized().conceal("a".repeat(200_001))).toThrow(expect.objectContaining({ code: "EGRESS_BLOCKED" }));
  });
});

describe("restoring", () => {
  const around = fc.stringMatching(/^[a-zA-Z ⟨⟩_\d\n😀]{0,12}$/u);
  const texts = fc.array(fc.tuple(around, fc.constantFrom("anna@example.com", "jan@example.org", "10.1.2.3", "")), {
    maxLength: 6,
  });

  test("gives the original back, wherever a stream cuts the placeholders in two", () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat()), (parts, numbers) => {
        const original = parts.map(([text, identifier]) => `${text} ${identifier} `).join("");
        const permit = sanitized();
        const concealed = permit.conceal(original);
        for (const identifier of ["anna@", "jan@", "10.1.2.3"]) expect(concealed).not.toContain(identifier);
        expect(permit.restore(concealed)).toBe(original);
        const restorer = permit.restorer();
        let shown = "";
        for (let at = 0; at < concealed.length; ) {
          const size = (numbers.next().value ?? 1) % 7;
          shown += restorer.push(concealed.slice(at, at + size));
          at += size;
        }
        expect(shown + restorer.end()).toBe(original);
      }),
    );
  });

  test("a stream and the whole give the same for any text, placeholders or not", () => {
    const placeholders = createPlaceholders();
    placeholders.conceal("abc", [{ start: 0, end: 3, kind: "SECRET" }]);
    const text = "x ⟨SECRET_1⟩ ⟨SECRET_12⟩ ⟨⟨SECRET_1⟩ ⟨SECRET_ ⟨secret_1⟩ ⟨SECRET_1";
    fc.assert(
      fc.property(cuts(text), (pieces) => {
        const restorer = placeholders.restorer();
        expect(pieces.map((piece) => restorer.push(piece)).join("") + restorer.end()).toBe(placeholders.restore(text));
      }),
    );
  });

  test("holds back no more than what may become a placeholder", () => {
    const restorer = sanitized().restorer();
    expect(restorer.push("Hello ⟨b and ")).toBe("Hello ⟨b and ");
    expect(restorer.push("⟨EMA")).toBe("");
    expect(restorer.push(" no")).toBe("⟨EMA no");
    expect(restorer.push(`⟨${"A".repeat(60)}`)).toBe(`⟨${"A".repeat(60)}`);
  });
});
