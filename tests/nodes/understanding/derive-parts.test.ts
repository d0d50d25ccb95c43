import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { derivePartExamples } from "../../../nodes/understanding/derive-parts.ts";
import { createExampleGatherer } from "../../../nodes/understanding/gather-examples.ts";
import { learnOpenings, noOpenings } from "../../../nodes/understanding/request-openings.ts";
import { createUnderstanding } from "../../../nodes/understanding/understand-query.ts";
import type { IntentRow, MultiIntentRuleRow } from "../../../platform/config/registry.ts";
import { defaultRegistry, registrySourceOf, silentLogger } from "./default-registry.ts";

const rules = parse(
  readFileSync(new URL("../../../migrations/defaults/multi-intent-rules.yaml", import.meta.url), "utf8"),
) as MultiIntentRuleRow[];

const dishes = ["soup", "bread", "a cake", "rice", "noodles", "a salad", "pancakes", "an omelette"];
const rooms = [
  "the kitchen",
  "the hall",
  "my desk",
  "the garage",
  "the stairs",
  "the attic",
  "the balcony",
  "the cellar",
];
const examples = [
  ...dishes.map((dish) => ({ intent: "cook", text: `cook ${dish} for dinner` })),
  ...rooms.map((room) => ({ intent: "clean", text: `sweep ${room} with a broom` })),
];

describe("examples of several intents", () => {
  test("are cut into one example for each intent, at the right place and for the right one", () => {
    const several = [
      {
        intents: ["clean", "cook"],
        text: "cook fish and chips for dinner and sweep the porch with a broom",
        locale: "en",
      },
      { intents: ["clean", "cook"], text: "sweep the yard with a broom, then cook beans for dinner", locale: "en" },
    ];
    expect(derivePartExamples({ examples, several, rules, reject: "chat" })).toEqual([
      { intent: "cook", text: "cook fish and chips for dinner" },
      { intent: "clean", text: "sweep the porch with a broom" },
      { intent: "clean", text: "sweep the yard with a broom" },
      { intent: "cook", text: "cook beans for dinner" },
    ]);
  });

  test("give nothing when nothing separates, or no example tells what the words mean", () => {
    const several = [{ intents: ["clean", "cook"], text: "cook and sweep", locale: "en" }];
    expect(derivePartExamples({ examples: [], several, rules, reject: "chat" })).toEqual([]);
    const whole = [{ intents: ["clean", "cook"], text: "cook dinner with a broom", locale: "en" }];
    expect(derivePartExamples({ examples, several: whole, rules, reject: "chat" })).toEqual([]);
  });

  test("join the others of the registry, from a worker; those of unknown or disabled intents stay out", async () => {
    const row = (id: string, enabled = true): IntentRow => ({
      id,
      description: id,
      kind: "chat",
      target: id,
      threshold: 0.3,
      slots: [],
      compose: "model",
      enabled,
    });
    const several = (intent: string) => ({
      intent,
      locale: "en",
      text: "sweep the yard with a broom, then cook beans for dinner",
    });
    const registry = {
      ...defaultRegistry(),
      intents: [row("cook"), row("clean"), row("off", false)],
      patterns: [],
      examples: [
        ...examples.map((example) => ({ ...example, locale: "en" })),
        several("clean+cook"),
        several("clean+off"),
        several("clean+nowhere"),
      ],
    };
    const gatherer = createExampleGatherer("chat", silentLogger);
    expect((await gatherer.gather(registry)).slice(examples.length)).toEqual([
      { intent: "clean", text: "sweep the yard with a broom" },
      { intent: "cook", text: "cook beans for dinner" },
    ]);
    await gatherer.stop();

    const understanding = createUnderstanding({
      registry: registrySourceOf(registry),
      gazetteer: { find: () => [], resolve: () => undefined },
      logger: silentLogger,
    });
    const context = { timezone: "UTC", now: new Date(), signal: new AbortController().signal };
    const { parts } = await understanding.understand("cook rice for dinner and sweep the hall with a broom", context);
    expect(parts.map(({ name }) => name)).toEqual(["cook", "clean"]);
    await understanding.stop();
  });
});

describe("how requests begin", () => {
  test("is learnt from examples: what they begin with counts for a cut, what stands inside them against it", async () => {
    const openings = await learnOpenings([...examples, ...examples]);
    expect(openings("cook an egg")).toBeGreaterThan(1);
    expect(openings("sweep the road")).toBeGreaterThan(1);
    expect(openings("dinner")).toBeLessThan(-1);
    expect(openings("")).toBeLessThan(0);
  });

  test("says nothing while there are too few examples", async () => {
    expect(await learnOpenings(examples.slice(0, 3))).toBe(noOpenings);
    expect(noOpenings("cook an egg")).toBe(0);
  });
});
