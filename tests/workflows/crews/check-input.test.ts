import { describe, expect, test } from "vitest";
import { checkInput } from "../../../workflows/crews/check-input.ts";
import { schemaProblem } from "../../../workflows/crews/crew-json-schema.ts";
import { shippedCrews } from "../../support/task-work.ts";

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("a job's input", () => {
  test.each([
    ["deep-research", { topic: "boilers" }],
    ["report", { period: "yesterday" }],
    ["report", { period: "2026-11-01/2026-11-07" }],
    ["triage", { incident: "The database is down." }],
  ])("of %s is taken when it fits: %j", (id, input) => {
    expect(() => checkInput(shippedCrews().get(id)!, input)).not.toThrow();
  });

  test.each([
    ["deep-research", {}, "INVALID_INPUT", "input"],
    ["deep-research", { topic: 7 }, "INVALID_INPUT", "input.topic"],
    ["deep-research", { topic: "boilers", colour: "red" }, "INVALID_INPUT", "input.colour"],
    ["report", { period: "next year" }, "INVALID_INPUT", "input.period"],
    ["triage", { incident: "x".repeat(10_000_000) }, "TOO_LARGE", "input"],
  ])("of %s is refused with the field: %#", (id, input, code, field) => {
    expect(thrownBy(() => checkInput(shippedCrews().get(id)!, input))).toMatchObject({ code, field });
  });
});

describe("a schema", () => {
  const inside = (schema: object) => ({ type: "object", properties: { a: { items: schema } } });

  test.each([
    [{ type: "object", properties: { pattern: { type: "string" }, patternProperties: true } }],
    [{ $ref: "#/$defs/tree", $defs: { tree: { properties: { left: { $ref: "#/$defs/tree" } } } } }],
    [{ examples: [{ enum: 5 }], default: { pattern: "x" }, const: { type: 7 }, "x-note": { required: 1 } }],
    [{ items: { $ref: "#leaf" }, $defs: { leaf: { $anchor: "leaf", type: ["string", "null"] } } }],
    ...[...shippedCrews().values()].map(({ input }) => [input]),
  ])("that can be applied to anything is taken: %j", (schema) => {
    expect(schemaProblem(schema)).toBeUndefined();
  });

  test.each([
    [{ type: "string", pattern: "(a+)+$" }, /pattern/],
    [{ patternProperties: { "(a+)+$": true } }, /pattern/],
    [{ $ref: "#/$defs/nowhere" }, /'#\/\$defs\/nowhere' points nowhere/],
    [{ enum: 5 }, /enum' is not what/],
    [{ type: "strng" }, /type/],
    [{ required: null }, /required/],
    [{ minLength: "2" }, /minLength/],
    [{ multipleOf: 0 }, /multipleOf/],
    [{ properties: { b: "string" } }, /properties/],
    [{ anyOf: { type: "string" } }, /anyOf/],
    [{ allOf: [{ $ref: "#/properties/a/items" }] }, /refers to itself/],
  ])("that fails for some value is refused wherever that stands: %j", (schema, words) => {
    expect(schemaProblem(inside(schema))).toMatch(words);
  });

  test("that was stored and cannot be applied is a mismatch, not a failure of ours", () => {
    const crew = { id: "old", input: inside({ $ref: "#/$defs/nowhere" }) };
    expect(thrownBy(() => checkInput(crew, { a: [1] }))).toMatchObject({ code: "INVALID_INPUT", field: "input" });
  });
});
