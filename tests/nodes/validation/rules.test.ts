import { expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import { compileRules } from "../../../nodes/validation/rules.ts";
import type { ValidationRuleRow } from "../../../platform/config/registry.ts";

const rule = (row: Partial<ValidationRuleRow> & Pick<ValidationRuleRow, "id" | "kind">): ValidationRuleRow => ({
  intents: ["*"],
  severity: "block",
  parameters: {},
  enabled: true,
  ...row,
});
const nothing = createGround({
  texts: [],
  evidence: [],
  actions: [],
  locale: "en",
  timezone: "UTC",
  now: new Date("2026-11-21T12:00:00Z"),
});

test("a rule that only warns does not hide one that blocks", () => {
  const rules = compileRules([
    rule({ id: "tone", kind: "forbidden", severity: "warn", parameters: { pattern: "folks" } }),
    rule({ id: "numbers", kind: "grounded_numbers" }),
  ]);
  const found = rules([]).sentence("It is 35 °C, folks.", nothing);
  expect(found.map(({ rule: id, severity }) => [id, severity])).toEqual([
    ["tone", "warn"],
    ["numbers", "block"],
  ]);
});

test("rules hold for their intents and while they are enabled", () => {
  const rules = compileRules([
    rule({ id: "weather_numbers", kind: "grounded_numbers", intents: ["weather"] }),
    rule({ id: "off", kind: "forbidden", enabled: false, parameters: { pattern: "35" } }),
  ]);
  expect(rules(["chat"]).sentence("It is 35 °C.", nothing)).toEqual([]);
  expect(rules(["chat", "weather"]).sentence("It is 35 °C.", nothing)).toHaveLength(1);
});

test("refuses patterns that could run for ever and limits that are none", () => {
  expect(() =>
    compileRules([rule({ id: "x", kind: "forbidden", parameters: { pattern: String.raw`(a)\1` } })]),
  ).toThrow(/RE2/);
  expect(() => compileRules([rule({ id: "x", kind: "max_length", parameters: { characters: 0 } })])).toThrow(
    /positive number/,
  );
});
