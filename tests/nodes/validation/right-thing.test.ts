import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import type { Evidence } from "../../../platform/evidence/evidence.ts";

const groundOf = (items: readonly Partial<Evidence>[], question = "", timezone = "Europe/London") =>
  createGround({
    texts: [question],
    evidence: items.map((item, index) => ({
      id: `e${index + 1}`,
      service: "web",
      title: "Facts",
      text: "",
      data: {},
      sourceName: "Source",
      observedAt: "2026-11-21T12:00:00Z",
      score: 1,
      ...item,
    })),
    actions: [],
    locale: "en",
    timezone,
    now: new Date("2026-11-21T12:00:00Z"),
  });

describe("a figure and its unit", () => {
  const converted = groundOf([
    { text: "10 mi is 16.0934 km.", data: { value: 10, from: "mi", to: "km", result: 16.09344 } },
    { text: "The tower is 12,000 in (305 m) high." },
    { text: "The castle was built in 1970." },
  ]);

  test.each(["10 miles are about 16.1 km.", "Built in 1970.", "Dziesięć mil to 16,1 km."])("hold: %s", (sentence) => {
    expect(converted.unsupported(sentence)).toBeUndefined();
  });

  test.each(["10 miles are about 16.1 metres.", "10 mil to 16,1 kg.", "Built in 1972.", "Збудовано 1968 року."])(
    "do not: %s",
    (sentence) => {
      expect(converted.unsupported(sentence)).toBeDefined();
    },
  );

  test("a length of time is no count of things", () => {
    const ground = groundOf([{ data: { items: [{ name: "Anna" }, { name: "Ben" }, { name: "Cleo" }] } }]);
    expect(ground.unsupported("There are three of them.")).toBeUndefined();
    expect(ground.unsupported("It takes three months.")).toBeDefined();
    expect(ground.unsupported("זה לוקח 3 שניות.")).toBeDefined();
  });

  test("hours between clocks of two zones are no length of a journey", () => {
    const ground = groundOf([
      {
        text: "Departure 12:00, arrival 16:00; local times.",
        data: {
          departure: { at: "2026-11-21T11:00:00Z", timezone: "Europe/Paris" },
          arrival: { at: "2026-11-21T14:00:00Z", timezone: "Europe/Athens" },
        },
      },
    ]);
    expect(ground.unsupported("The flight takes three hours.")).toBeUndefined();
    expect(ground.unsupported("The flight takes four hours.")).toBeDefined();
    expect(ground.unsupported("Lot trwa cztery godziny.")).toBeDefined();
  });
});
