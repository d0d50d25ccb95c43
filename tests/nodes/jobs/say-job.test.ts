import { describe, expect, test } from "vitest";
import { type BegunJob, sayBegun } from "../../../nodes/jobs/say-job.ts";
import { compilePatterns } from "../../../nodes/understanding/pattern-matcher.ts";
import { jobCrewRecogniser } from "../../../nodes/understanding/slots/recognise-job.ts";
import { createSay } from "../../../nodes/wording.ts";
import { defaultPrompts, defaultRegistry } from "../understanding/default-registry.ts";

const prompts = defaultPrompts();
const say = createSay(() => prompts);
const job: BegunJob = {
  ...{ id: "ID", crew: "deep-research", topic: "tea", isRepeated: false, isAskedFor: false, isSpoken: false },
  ...{ locale: "en", timezone: "UTC", now: new Date("2026-11-21T10:00:00Z") },
};

describe("a job that has begun", () => {
  test("has its result in the conversation, where that shows what comes", () => {
    expect(sayBegun(job, say)).toBe(
      "The research has begun: “tea”. It is job ID, its progress: /v1/jobs/ID. The result will appear in this conversation.",
    );
    expect(sayBegun({ ...job, elsewhere: "T" }, say)).toBe(
      "This was begun before: job ID, its progress: /v1/jobs/ID. The result appears in the conversation T.",
    );
  });

  test("is asked for where the client shows its own history only, spoken without id and link", () => {
    const ask = "Ask me in a while, “how is my research?”, and you get the result.";
    expect(sayBegun({ ...job, isAskedFor: true }, say)).toBe(
      `The research has begun: “tea”. It is job ID, its progress: /v1/jobs/ID. ${ask}`,
    );
    for (const elsewhere of [undefined, "T"])
      expect(sayBegun({ ...job, elsewhere, isAskedFor: true, isSpoken: true }, say)).toBe(
        `The research has begun: tea. ${ask}`,
      );
    expect(sayBegun({ ...job, crew: "answer", isAskedFor: true, isSpoken: true }, say)).toBe(
      "This takes longer. Ask me in a while, “how is my answer?”, and you get it.",
    );
  });

  test.each([
    ["en", "It is done this once: I do not repeat it by myself."],
    ["pl", "Zrobię to tylko raz: samo się nie powtórzy."],
  ])("that is wanted again and again is done once, and says so: %s", (locale, once) => {
    for (const how of [{}, { isSpoken: true }, { elsewhere: "T" }]) {
      const told = sayBegun({ ...job, ...how, locale }, say);
      expect(sayBegun({ ...job, ...how, locale, isRepeated: true }, say)).toBe(`${told} ${once}`);
    }
  });

  const matcher = compilePatterns(defaultRegistry().patterns);
  test.each(
    ["en", "pl", "uk", "he"].flatMap((locale) =>
      ["deep-research", "report", "answer", "own"].map((crew) => [locale, crew] as const),
    ),
  )("names a question that is understood: %s, %s", (locale, crew) => {
    const told = sayBegun({ ...job, locale, crew, isAskedFor: true }, say);
    const [question = ""] = [...told.matchAll(/[“„«״]([^”»״]+[?])[”»״]/gu)].map(([, words]) => words!);
    expect(matcher.match(question, locale).map(({ intent }) => intent)).toContain("job_status");
    expect(jobCrewRecogniser.find(question, {} as never)).toBe(crew === "own" ? undefined : crew);
  });
});
