import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeToken } from "../../../platform/events/subject-templates.ts";
import { subjectOf } from "../../../platform/events/subjects.ts";

test("fills the tokens of a subject, escaped", () => {
  expect(subjectOf("message.created.{channel}", { channel: "direct:key:a.b" })).toBe(
    "message.created.direct%3Akey%3Aa%2Eb",
  );
  expect(subjectOf("audit.{service}.{action}", { service: "tools", action: "" })).toBe("audit.tools._");
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
