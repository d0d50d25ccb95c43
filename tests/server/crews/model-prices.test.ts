import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseModelPrices } from "../../../server/crews/model-prices.ts";

const usage = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  estimated: false,
});

describe("prices of models", () => {
  test("are of a million tokens, those of the answer apart from those of the question", () => {
    const costOf = parseModelPrices("openai/gpt-5=1.25/10, openai/*=0.5/2,ollama/*=0/0");
    expect(costOf("openai/gpt-5", usage(1_000_000, 100_000))).toBeCloseTo(2.25);
    expect(costOf("openai/another", usage(1_000_000, 100_000))).toBeCloseTo(0.7);
    expect(costOf("ollama/llama3", usage(1_000_000, 100_000))).toBe(0);
  });

  test("are nothing for a model that has none", () => {
    expect(parseModelPrices(undefined)("openai/gpt-5", usage(10, 10))).toBe(0);
    expect(parseModelPrices("openai/gpt-5=1/2")("other/gpt-5", usage(10, 10))).toBe(0);
  });

  test.each(["gpt-5", "openai/gpt-5=1", "openai/gpt-5=1/-2", "openai/gpt-5=one/two", "=1/2"])(
    "that cannot be read are refused with the entry: %s",
    (setting) => {
      expect(() => parseModelPrices(`openai/a=1/2,${setting}`)).toThrow(setting);
    },
  );

  test("grow with what was used", () => {
    const costOf = parseModelPrices("a/b=3/15");
    const count = fc.nat(10_000_000);
    fc.assert(
      fc.property(count, count, count, (input, output, more) => {
        expect(costOf("a/b", usage(input + more, output))).toBeGreaterThanOrEqual(costOf("a/b", usage(input, output)));
        expect(costOf("a/b", usage(input, output + more))).toBeGreaterThanOrEqual(costOf("a/b", usage(input, output)));
      }),
    );
  });
});
