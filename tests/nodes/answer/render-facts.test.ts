import { expect, test } from "vitest";
import { renderFacts } from "../../../nodes/answer/render-facts.ts";
import type { IntentRow } from "../../../platform/config/registry.ts";

const row = (id: string, kind: IntentRow["kind"]): IntentRow => ({
  id,
  description: id,
  kind,
  target: id,
  threshold: 0.5,
  slots: [],
  compose: "model",
  enabled: true,
});
const intents = [row("chat", "chat"), row("fleet", "tool")];
const part = (name: string, text: string) => ({ name, text, confidence: 1, tier: "pattern" as const, slots: {} });
const render = (parts: ReturnType<typeof part>[], missing: { part: string; reason: string }[] = []) =>
  renderFacts({ parts, results: [], missing, locale: "en", hasModel: false }, intents, (key) => key).map(
    ({ text }) => text,
  );

test("beside other parts, one that nothing could answer is named by its words", () => {
  const gap = { part: "fleet", reason: "Fleet status is not available here." };
  expect(render([part("fleet", "how is web-1"), part("chat", "tell me a joke")], [gap])).toEqual([
    "Fleet status is not available here.",
    "«tell me a joke»: chat.no_model",
  ]);
  const long = render([part("fleet", "x"), part("chat", "tell me a story ".repeat(20).trim())], [gap])[1];
  expect(long).toMatch(/^«tell me a story .{20,60}…»: chat\.no_model$/);
});

test("alone it needs no name", () => {
  expect(render([part("chat", "tell me a joke")])).toEqual(["chat.no_model"]);
});

test("what belongs to no part is said last", () => {
  expect(render([part("chat", "tell me a joke")], [{ part: "beyond", reason: "More was asked." }])).toEqual([
    "chat.no_model",
    "More was asked.",
  ]);
});

test("what is only said to be kept is kept, and nothing is repeated of it; where more is asked, that is answered", () => {
  const facts = { results: [], missing: [], locale: "en", hasModel: false, keptOf: () => ["the key is under the mat"] };
  const rendered = (text: string) => renderFacts({ ...facts, parts: [part("chat", text)] }, intents, (key) => key);
  expect(rendered("remember that the key is under the mat")).toEqual([{ part: 0, text: "chat.kept", answered: true }]);
  expect(rendered("the key is under the mat, and now write me a long poem about keys, mats and doors please")).toEqual([
    { part: 0, text: "chat.no_model", answered: false },
  ]);
});
