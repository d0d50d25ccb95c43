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

test("a schema with a pattern, or one that points nowhere, cannot be used", () => {
  expect(schemaProblem({ type: "object", properties: { a: { type: "string", pattern: "(a+)+$" } } })).toMatch(
    /pattern/,
  );
  expect(schemaProblem({ properties: { pattern: { type: "string" } } })).toBeUndefined();
  expect(schemaProblem({ $ref: "#/$defs/nowhere" })).toMatch(/cannot be read/);
});
