import { describe, expect, test } from "vitest";
import { compilePatterns } from "../../../nodes/understanding/pattern-matcher.ts";
import { slotRecognisers } from "../../../nodes/understanding/slot-recognisers.ts";
import { defaultExamples, defaultRegistry, exampleLocales } from "./default-registry.ts";

const intentIds =
  `weather airports sports events streaming news stocks web_search time calculate convert_units home_control home_state
  tickets service_metrics ops_action fleet memory_recall deep_research report job_status job_cancel greeting help chat`.split(
    /\s+/,
  );

/** Told by phrases: what they are asked in is close to other intents, and to stop something takes clear words. */
const byPhrase = new Set(["job_status", "job_cancel"]);

describe("the default rows", () => {
  const registry = defaultRegistry();
  const examples = defaultExamples();

  test("hold exactly the intents that are on the wire, with recognisers that exist", () => {
    expect(registry.intents.map((row) => row.id)).toEqual(intentIds);
    for (const row of registry.intents)
      for (const slot of row.slots) expect([...slotRecognisers.keys()]).toContain(slot.recogniser);
  });

  test.each(exampleLocales)("hold enough examples of every intent in %s, none of them twice", (locale) => {
    const rows = examples.filter((row) => row.locale === locale);
    for (const id of intentIds.filter((each) => !byPhrase.has(each))) {
      const least = locale === "en" ? (id === "chat" ? 150 : 30) : 15;
      expect(rows.filter((row) => row.intent === id).length, `${id} in ${locale}`).toBeGreaterThanOrEqual(least);
    }
    expect(new Set(rows.map((row) => row.text.toLowerCase())).size).toBe(rows.length);
    expect(rows.every((row) => typeof row.text === "string" && intentIds.includes(row.intent))).toBe(true);
  });

  test("hold patterns that compile and belong to an intent", () => {
    expect(() => compilePatterns(registry.patterns)).not.toThrow();
    for (const row of registry.patterns) expect(intentIds).toContain(row.intent);
  });
});
