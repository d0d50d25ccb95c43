import { expect, test } from "vitest";
import { checkJsonAnswer } from "../../nodes/validation/json-answer.ts";
import { leastCpuMs } from "../support/least-cpu-ms.ts";

const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"], additionalProperties: false };

test("takes a code fence off", () => {
  expect(checkJsonAnswer('```json\n{"n": 1}\n```', { type: "json_object" })).toEqual({ ok: true, text: '{"n": 1}' });
});

test("refuses prose around the JSON", () => {
  expect(checkJsonAnswer('Here it is: {"n": 1}', { type: "json_object" }).ok).toBe(false);
});

test("refuses an array where an object was asked for", () => {
  expect(checkJsonAnswer("[1]", { type: "json_object" }).ok).toBe(false);
});

test("checks the schema", () => {
  expect(checkJsonAnswer('{"n": 1}', { type: "json_schema", name: "x", schema }).ok).toBe(true);
  expect(checkJsonAnswer('{"n": "1"}', { type: "json_schema", name: "x", schema }).ok).toBe(false);
  expect(checkJsonAnswer('{"n": 1, "m": 2}', { type: "json_schema", name: "x", schema }).ok).toBe(false);
});

test("does not run a client's catastrophic pattern", async () => {
  const hostile = { type: "string", pattern: "^(a+)+$" };
  const check = () =>
    checkJsonAnswer(JSON.stringify(`${"a".repeat(40)}!`), { type: "json_schema", name: "x", schema: hostile });
  expect(await leastCpuMs(check)).toBeLessThan(50);
});
