import { describe, expect, test } from "vitest";
import { createJudge } from "../../../bench/eval/grounding.ts";
import { english } from "./deeds/english.ts";
import { hebrew } from "./deeds/hebrew.ts";
import { polish } from "./deeds/polish.ts";
import type { Scenario } from "./deeds/scenario.ts";
import { ukrainian } from "./deeds/ukrainian.ts";

const judge = createJudge();
const zones = { en: "Europe/London", pl: "Europe/Warsaw", uk: "Europe/Kyiv", he: "Asia/Jerusalem" };
const verdict = ({ locale, question, calls = [], known = [] }: Scenario, answer: string) =>
  judge({
    locale,
    timezone: zones[locale],
    now: "2026-06-10T10:00:00Z",
    question,
    evidence: known.map((item, index) => ({
      id: `e${index}`,
      service: "home",
      title: "Devices",
      sourceName: "Home",
      observedAt: "2026-06-10T10:00:00Z",
      score: 1,
      ...item,
    })),
    actions: calls.map(([tool, args, result]) => ({
      tool,
      args,
      outcome: typeof result === "string" && result.startsWith("failed") ? "failed" : "ok",
      result,
    })),
    answer,
    label: "true",
    kind: "deed",
  });

describe.each([...english, ...polish, ...ukrainian, ...hebrew])("answers to: $question", (scenario) => {
  test.each(scenario.truths)("lets pass what is true: %s", async (answer) => {
    expect(await verdict(scenario, answer)).toBeUndefined();
  });
  test.each(scenario.lies)("blocks what was not done or is not so: %s", async (answer) => {
    expect(await verdict(scenario, answer)).toBeDefined();
  });
});
