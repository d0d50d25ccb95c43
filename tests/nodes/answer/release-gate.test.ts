import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReleaseGate } from "../../../nodes/answer/release-gate.ts";

const gateFor = (forbidden: string, shown: string[], maxLength = 1_000_000) =>
  createReleaseGate({
    check: (sentence) =>
      forbidden !== "" && sentence.includes(forbidden) ? [{ rule: "r", severity: "block", detail: "d" }] : [],
    show: (text) => void shown.push(text),
    maxLength,
  });

describe("release gate", () => {
  test("shows the first sentence as soon as it is complete, not when the answer is", async () => {
    const shown: string[] = [];
    const gate = gateFor("", shown);
    await gate.push("One is here. Two is");
    expect(shown.join("")).toContain("One is here.");
    expect(shown.join("")).not.toContain("Two");
  });

  test("shows nothing of a sentence that breaks a rule, and nothing after it", async () => {
    const shown: string[] = [];
    const gate = gateFor("lie", shown);
    await gate.push("All is well. This is a lie. And ");
    const violation = (await gate.push("more. ")) ?? (await gate.end());
    expect(violation?.rule).toBe("r");
    expect(shown.join("").trim()).toBe("All is well.");
    expect(gate.shown).toBe(true);
  });

  test("shows and notes a sentence that only earns a warning; one that also earns a block is kept back", async () => {
    const shown: string[] = [];
    const warning = { rule: "w", severity: "warn", detail: "d" } as const;
    const block = { rule: "b", severity: "block", detail: "d" } as const;
    const gate = createReleaseGate({
      check: (sentence) => (sentence.includes("bad") ? [warning, block] : [warning]),
      show: (text) => void shown.push(text),
      maxLength: 1_000,
    });
    expect(await gate.push("Odd. So bad. ")).toEqual(block);
    expect(shown.join("").trim()).toBe("Odd.");
    expect(gate.warnings).toEqual([warning]);
  });

  test("stops an answer that grows too long", async () => {
    const gate = gateFor("", [], 20);
    expect(await gate.push(`${"word ".repeat(10)}. Next. `)).toMatchObject({ rule: "max_length" });
    expect(gate.text).toBe("");
  });

  test("what is shown is, joined, exactly what came in, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 12 }), async (pieces) => {
        const shown: string[] = [];
        const gate = gateFor("", shown);
        for (const piece of pieces) await gate.push(piece);
        await gate.end();
        expect(shown.join("")).toBe(pieces.join(""));
        expect(gate.text).toBe(pieces.join(""));
      }),
    );
  });
});
