import { expect, test } from "vitest";
import { createClassify, type ModelTier, type Understand } from "../../nodes/classify.ts";
import type { IntentPart } from "../../nodes/understanding/understood-query.ts";
import { runtimeOf, testNow } from "../support/step-of.ts";
import { queryOf } from "../support/stub-engine.ts";

const weather: IntentPart = { name: "weather", text: "weather in Oslo", confidence: 0.9, tier: "pattern", slots: {} };

const classifyWith = (modelTier?: ModelTier) => {
  const asked: Parameters<Understand>[] = [];
  const classify = createClassify({
    understand: async (...call) => {
      asked.push(call);
      return { locale: "pl", parts: [weather] };
    },
    modelTierFor: () => modelTier,
    defaultLocale: "en",
  });
  return { classify, asked };
};
const stateOf = (more: object = {}, query = {}) => ({
  query: queryOf("weather in Oslo", query),
  text: "weather in Oslo",
  timezone: "Europe/Warsaw",
  resumed: false,
  ...more,
});

test("gives the parts that were understood and the language of the text", async () => {
  const { classify } = classifyWith();
  const { parts, locale, timings } = await classify(stateOf(), runtimeOf());
  expect({ parts, locale }).toEqual({ parts: [weather], locale: "pl" });
  expect(timings.classify).toBeGreaterThanOrEqual(0);
});

test("the language that the caller names wins over the text's own", async () => {
  const { classify, asked } = classifyWith();
  expect((await classify(stateOf({}, { locale: "he" }), runtimeOf())).locale).toBe("he");
  expect(asked[0]?.[1].locale).toBe("he");
});

test("understands in the user's zone, at the request's own moment", async () => {
  const { classify, asked } = classifyWith();
  await classify(stateOf(), runtimeOf());
  expect(asked[0]?.[0]).toBe("weather in Oslo");
  expect(asked[0]?.[1]).toMatchObject({ timezone: "Europe/Warsaw", now: testNow });
});

test("hands the model tier on only where a model may be asked", async () => {
  const tier: ModelTier = async () => undefined;
  const withModel = classifyWith(tier);
  await withModel.classify(stateOf(), runtimeOf());
  expect(withModel.asked[0]?.[1].modelTier).toBe(tier);
  const without = classifyWith();
  await without.classify(stateOf(), runtimeOf());
  expect(without.asked[0]?.[1]).not.toHaveProperty("modelTier");
});

test("a turn that goes on keeps what was found before", async () => {
  const { classify, asked } = classifyWith();
  const writes = await classify(stateOf({ resumed: true }), runtimeOf());
  expect(writes).not.toHaveProperty("parts");
  expect(writes).not.toHaveProperty("locale");
  expect(asked).toEqual([]);
});

test("says when more was asked than is answered", async () => {
  const classify = createClassify({
    understand: async () => ({ locale: "pl", parts: [weather], beyond: "a sixth question" }),
    modelTierFor: () => undefined,
    defaultLocale: "en",
    say: (key, locale) => `${key} ${locale}`,
  });
  const { degraded } = await classify(stateOf(), runtimeOf());
  expect(degraded).toEqual([{ part: "beyond", reason: "parts.beyond pl" }]);
});
