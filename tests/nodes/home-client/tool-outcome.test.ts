import { describe, expect, test } from "vitest";
import { fitArguments } from "../../../nodes/home-client/fit-arguments.ts";
import { readToolOutcome } from "../../../nodes/home-client/tool-outcome.ts";
import { actionDone } from "../../support/home/home-client.ts";

describe("the result of a client's tool", () => {
  test.each([
    ["done", actionDone([{ name: "Lamp", type: "entity" }])],
    ["done", JSON.stringify({ data: { success: true, result: 1 }, error: false })],
    ["done", "[{'success': True}]"],
    ["partly", actionDone([{ name: "A", type: "entity" }], [{ name: "B", type: "entity" }])],
    ["failed", actionDone([], [{ name: "B", type: "entity" }])],
    ["failed", JSON.stringify({ error: "MatchFailedError", error_text: "…" })],
    ["failed", JSON.stringify({ data: { success: true }, error: true })],
    ["failed", JSON.stringify({ success: false })],
    ["failed", "[{'error': 'x'}]"],
    ["failed", JSON.stringify([{ success: false }])],
    ["unclear", ""],
    ["unclear", "ok"],
    ["unclear", "{}"],
    ["unclear", "null"],
    ["unclear", "[]"],
  ])("is %s: %s", (status, content) => {
    expect(readToolOutcome(content).status).toBe(status);
  });
});

describe("arguments", () => {
  const tool = {
    parameters: {
      properties: {
        name: { type: "string" },
        domain: { type: "array", items: { type: "string" } },
        device_class: { type: "array", items: { type: "string", enum: ["Curtain"] } },
        brightness: { type: "integer", minimum: 0, maximum: 100 },
        area: { anyOf: [{ type: "null" }, { type: "string" }] },
      },
      required: [],
    },
  };
  test("take the schema's shapes, bounds and spellings", () => {
    expect(fitArguments(tool, { area: "Hall", domain: "cover", device_class: "curtain", brightness: 39.6 })).toEqual({
      area: "Hall",
      domain: ["cover"],
      device_class: ["Curtain"],
      brightness: 40,
    });
  });
  test("that would mean something else when cut are refused", () => {
    expect(fitArguments(tool, { area: "Hall", device_class: "blind" })).toBeUndefined();
    expect(fitArguments(tool, { name: "Lamp", brightness: 101 })).toBeUndefined();
    expect(fitArguments(tool, { name: "Lamp", color: "red" })).toBeUndefined();
    expect(
      fitArguments({ parameters: { ...tool.parameters, required: ["brightness"] } }, { name: "Lamp" }),
    ).toBeUndefined();
  });
  test("that a name makes needless may be left out", () => {
    expect(fitArguments(tool, { name: "Lamp", floor: "Ground" })).toEqual({ name: "Lamp" });
  });
});
