import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  escapeToken,
  isSubject,
  matchesSubject,
  subjectPatternToRegex,
  templateToPattern,
} from "../../../platform/events/subject-templates.ts";
import {
  parsePayload,
  type SubjectTemplate,
  schemaOf,
  subjectOf,
  subjectRoots,
  subjects,
} from "../../../platform/events/subjects.ts";

test("fills the tokens of a subject, escaped", () => {
  expect(subjectOf("message.created.{channel}", { channel: "direct:key:a.b" })).toBe(
    "message.created.direct%3Akey%3Aa%2Eb",
  );
  expect(subjectOf("audit.{service}.{action}", { service: "tools", action: "" })).toBe("audit.tools._");
  expect(subjectOf("dlq.{subject}", { subject: "audit.tools.run" })).toBe("dlq.audit.tools.run");
  expect(subjectOf("dlq.{subject}", { subject: "no subject.*" })).toBe("dlq.no%20subject%2E%2A");
});

test("any data becomes exactly one token, which can be read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (data) => {
      const token = escapeToken(data);
      expect(token).toMatch(/^[A-Za-z0-9_%-]+$/);
      expect(decodeURIComponent(token)).toBe(data.toWellFormed());
    }),
  );
});

test("every subject, whatever its tokens, has the schema of its template and one of the stream's roots", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(subjects) as SubjectTemplate[])),
      fc.array(fc.string({ unit: "binary" }), { minLength: 3, maxLength: 3 }),
      (template, data) => {
        const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
        const tokens = Object.fromEntries(names.map((name, index) => [name, data[index]!]));
        const subject = subjectOf(template, tokens as never);
        expect(isSubject(subject)).toBe(true);
        expect(schemaOf(subject)).toBe(subjects[template]);
        expect(subjectRoots.filter((root) => matchesSubject(root, subject))).toHaveLength(1);
      },
    ),
  );
});

test("no two templates have a subject in common", () => {
  const patterns = Object.keys(subjects).map(templateToPattern);
  for (const pattern of patterns) {
    const subject = pattern.replaceAll("*", "x").replace(">", "x.y");
    expect(patterns.filter((other) => matchesSubject(other, subject))).toEqual([pattern]);
  }
});

describe("a pattern", () => {
  test.each([
    ["a.b", "a.b", true],
    ["a.b", "a.b.c", false],
    ["a.*", "a.b", true],
    ["a.*", "a", false],
    ["*.b.*", "a.b.c", true],
    ["a.>", "a.b.c", true],
    ["a.>", "a", false],
    [">", "a", true],
    ["a.>.c", "a.b.c", false],
    ["a.%2A", "a.b", false],
  ])("%s against %s: %s", (pattern, subject, fits) => {
    expect(matchesSubject(pattern, subject)).toBe(fits);
  });

  const token = fc.stringMatching(/^[a-c%2E_-]{1,3}$/);
  const subject = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join("."));

  test("with some tokens replaced by wildcards takes in what it was made from", () => {
    const masked = fc.tuple(subject, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), fc.nat(5));
    fc.assert(
      fc.property(masked, ([text, stars, cut]) => {
        const tokens = text.split(".").map((part, index) => (stars[index] ? "*" : part));
        const pattern = cut < tokens.length ? [...tokens.slice(0, cut), ">"].join(".") : tokens.join(".");
        expect(matchesSubject(pattern, text)).toBe(true);
        expect(matchesSubject(pattern, `${text}.more`)).toBe(pattern.endsWith(">"));
      }),
    );
  });

  test("as a regular expression takes in the same", () => {
    const pattern = fc
      .tuple(fc.array(fc.oneof(token, fc.constant("*")), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([tokens, open]) => [...tokens, ...(open ? [">"] : [])].join("."));
    fc.assert(
      fc.property(pattern, subject, (wanted, text) => {
        expect(new RegExp(subjectPatternToRegex(wanted)).test(text)).toBe(matchesSubject(wanted, text));
      }),
      { numRuns: 500 },
    );
  });

  test("is matched at once against hostile text", () => {
    const from = performance.now();
    for (const text of [".".repeat(100_000), "a.".repeat(50_000), "*".repeat(100_000)]) {
      matchesSubject("a.*.>", text);
      matchesSubject(text, "a.b.c");
      schemaOf(text);
    }
    expect(performance.now() - from).toBeLessThan(300);
  });
});

describe("a received payload", () => {
  test("that fits is given as its schema has it, without what the schema does not know", () => {
    expect(parsePayload("ops.health.weather", { service: "weather", state: "up", text: "secret" })).toEqual({
      service: "weather",
      state: "up",
    });
  });

  test.each([
    ["ops.health.weather", { service: "weather", state: "sleepy secret" }, "state"],
    ["ops.health.weather", null, "the payload itself"],
    ["ops.health", {}, "subject"],
    ["ops.health.a.b", {}, "subject"],
    ["nothing.of.ours", {}, "subject"],
    ["", {}, "subject"],
  ])("that does not fit %s is refused without its values", (subject, payload, named) => {
    const refused = () => parsePayload(subject, payload);
    expect(refused).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(named) }),
    );
    expect(refused).not.toThrow(/secret/);
  });
});
