import { describe, expect, test } from "vitest";
import { queryFeatures } from "../../../nodes/privacy/query-features.ts";
import { createPrivacyGate } from "../../../nodes/privacy-gate.ts";
import type { IntentPart } from "../../../nodes/understanding/understood-query.ts";
import { createPermit } from "../../../platform/egress/create-permit.ts";

const partOf = (name: string, slots: IntentPart["slots"], text = "private words of the user"): IntentPart => ({
  text,
  name,
  confidence: 0.9,
  tier: "pattern",
  slots,
});
const permitOf = () => createPermit({ class: "generalised", confidential: true, budgetMs: 5_000 });
const featuresOf = (parts: readonly IntentPart[]) => queryFeatures(parts, "en", permitOf(), undefined);

describe("the features of a query", () => {
  test("are its language, its intents and the values of public slots", async () => {
    expect(await featuresOf([partOf("weather", { place: "Kraków", date: "2026-05-12" }), partOf("chat", {})])).toBe(
      "Language: en. The user asks for: weather (place Kraków, date 2026-05-12); chat.",
    );
  });

  test("hold no slot that may be private, nor a public one in which somebody is named", async () => {
    const told = await featuresOf([
      partOf("calculate", { expression: "my salary 8123 * 12" }),
      partOf("weather", { place: "anna@example.com", date: "tomorrow" }),
      partOf("stocks", { company: "x".repeat(61) }),
    ]);
    expect(told).toBe("Language: en. The user asks for: calculate; weather (date tomorrow); stocks.");
  });

  test("are at most 100 tokens, however much is asked", async () => {
    const parts = Array.from({ length: 40 }, (_, at) => partOf("weather", { place: `Nowhere${at}` }));
    expect((await featuresOf(parts)).length).toBeLessThanOrEqual(400);
  });

  test("go with a local model's summary, cut short and without identifiers", async () => {
    const permit = permitOf();
    const gate = createPrivacyGate({
      summarise: async () => `Wants advice for anna@example.com about a lease. ${"More words. ".repeat(200)}`,
    });
    await gate({ text: "anything", permit, parts: [partOf("chat", {})], locale: "en" });
    expect(permit.features).toContain("Summary: Wants advice for ⟨EMAIL_1⟩ about a lease.");
    expect(permit.features).not.toContain("anything");
    expect(permit.features?.length).toBeLessThan(900);
  });

  test("do without a summary when no local model gives one", async () => {
    const permit = permitOf();
    await createPrivacyGate({ summarise: async () => undefined })({ text: "anything", permit });
    expect(permit.features).toBe("Language: en. The user asks for: chat.");
  });
});
