import { describe, expect, it } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import { knownNamesOf } from "../../../nodes/validation/known-names.ts";
import { claimPatternsFor } from "../../../nodes/validation/text/action-words.ts";

const entity = (index: number) => ({ name: `Lamp ${index}`, domain: "light", area: "Kitchen", state: "on" });

describe("the work of the validator", () => {
  it.each([
    "The river rises in the hills behind the town and reaches the sea in the evening",
    "Rzeka wypływa ze wzgórz i wieczorem dociera do morza",
    "Річка бере початок у пагорбах і ввечері досягає моря",
    "הנהר יוצא מן ההרים ומגיע אל הים בערב",
  ])("tries no pattern of deeds on a clause without any verb of doing: %s", (clause) => {
    expect(claimPatternsFor(clause)).toEqual([]);
  });

  it.each([
    ["I've turned the porch light off", "off"],
    ["Właśnie zgasiłem światło", "off"],
    ["Я замкнув двері", "lock"],
    ["ונעלתי את הדלת", "lock"],
  ])("tries the patterns of a clause's own verb: %s", (clause, kind) => {
    expect(claimPatternsFor(clause).map((pattern) => pattern.kind)).toContain(kind);
  });

  it("looks for places once in texts that evidence, calls and answer repeat", () => {
    const looked: string[] = [];
    const ground = createGround(
      {
        texts: ["Is the light on?"],
        evidence: [],
        actions: [
          {
            tool: "GetLiveContext",
            args: {},
            outcome: "ok",
            result: { entities: Array.from({ length: 100 }, (_, index) => entity(index)) },
          },
        ],
        locale: "en-GB",
        timezone: "Europe/Warsaw",
        now: new Date("2026-11-21T12:00:00Z"),
      },
      (text) => {
        looked.push(text);
        return [];
      },
    );
    knownNamesOf(ground);
    for (let again = 0; again < 3; again += 1) ground.read("Lamp 7 is on in the kitchen.");
    knownNamesOf(ground);
    expect(looked.length).toBeGreaterThan(100);
    expect(new Set(looked).size).toBe(looked.length);
  });
});
