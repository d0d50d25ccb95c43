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

  const id = "0b6f6d1c-8f0e-4d0e-9a55-0c6b7a4f3e21";
  const matcher = compilePatterns(registry.patterns);
  test.each([
    ["en", "cancel my report", { crew: "report" }],
    ["en", "stop my answer", { crew: "answer" }],
    ["en", `cancel job ${id}`, { job: id }],
    ["pl", "anuluj moją odpowiedź", { crew: "answer" }],
    ["pl", `zatrzymaj zadanie ${id}`, { job: id }],
    ["uk", "скасуй мою відповідь", { crew: "answer" }],
    ["uk", `зупини завдання ${id}`, { job: id }],
    ["he", "בטל את התשובה שלי", { crew: "answer" }],
    ["he", `בטל משימה ${id}`, { job: id }],
  ])("hold phrases that stop a job: %s, %s", (locale, text, slots) => {
    expect(matcher.match(text, locale)[0]).toMatchObject({ intent: "job_cancel" });
    for (const slot of registry.intents.find((row) => row.id === "job_cancel")!.slots)
      expect(slotRecognisers.get(slot.recogniser)!.find(text, {} as never)).toBe(
        (slots as Record<string, string>)[slot.name],
      );
  });
});
