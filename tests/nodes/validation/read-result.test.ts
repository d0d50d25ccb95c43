import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readResult } from "../../../nodes/validation/read-result.ts";

const liveContext = `Live Context: An overview of the areas and the devices in this smart home:
- names: Front door
  domain: lock
  state: 'locked'
  areas: Hall
- names: Kitchen window
  domain: binary_sensor
  state: 'on'
  areas: Kitchen
  attributes:
    device_class: 'window'`;

describe("a tool's result", () => {
  it("is read as data when it is JSON in a string, also twice over", () => {
    expect(readResult('{"events":[{"title":"Stand-up"}]}')).toEqual({ events: [{ title: "Stand-up" }] });
    expect(readResult(JSON.stringify({ result: JSON.stringify({ count: 3 }) }))).toEqual({ result: { count: 3 } });
  });

  it("gives the entities of a home with what their states mean", () => {
    expect(readResult(JSON.stringify({ success: true, result: liveContext }))).toEqual({
      success: true,
      result: {
        entities: [
          { name: "Front door", domain: "lock", area: "Hall", state: "locked" },
          { name: "Kitchen window", domain: "binary_sensor", area: "Kitchen", state: "open", device_class: "window" },
        ],
      },
    });
  });

  it("stays as it is when it is neither", () => {
    expect(readResult("409: slot is taken")).toBe("409: slot is taken");
    expect(readResult("{broken")).toBe("{broken");
    expect(readResult(undefined)).toBeUndefined();
  });

  it("is read whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => readResult(value)).not.toThrow();
        expect(() => readResult(JSON.stringify(value))).not.toThrow();
      }),
    );
  });
});
