import type { IntentRow, MultiIntentRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { foldText } from "../../platform/language/normalise-text.ts";
import type { IntentPart } from "./understood-query.ts";

/** "There", "at that time": words that point at what another part names; folded. */
const pointer = /(?<!\p{L})(?:there|at that place|tam|там|שם)(?!\p{L})/u;

interface ChainRule {
  readonly from: string;
  readonly to: string;
  readonly field: string;
  readonly slot: string;
}

/**
 * Reads the `chain` rules: which field of an earlier part's evidence fills which slot of a later part.
 * @throws {AppError} INVALID_INPUT for a rule that lacks `from`, `to`, `field` or `slot`.
 */
export const readChainRules = (rules: readonly MultiIntentRuleRow[]): readonly ChainRule[] =>
  rules
    .filter((row) => row.kind === "chain")
    .map(({ rule: { from, to, field, slot } }) => {
      if (from && to && field && slot) return { from, to, field, slot };
      throw new AppError("INVALID_INPUT", "A chain rule needs 'from', 'to', 'field' and 'slot'.", { field: "rule" });
    });

/**
 * Gives parts what others name: a part without a place that says "there" takes the place of the nearest earlier part, or
 * waits for its evidence when a chain rule says which field holds it. Weather without a place does so without the word.
 */
export const linkParts = (
  parts: readonly IntentPart[],
  intents: ReadonlyMap<string, IntentRow>,
  rules: readonly ChainRule[],
): IntentPart[] => {
  const linked: IntentPart[] = [];
  for (const part of parts) {
    const row = intents.get(part.name);
    const slot = row?.slots.find(({ recogniser }) => recogniser === "place")?.name;
    const needs = slot !== undefined && part.slots[slot] === undefined && linked.length > 0;
    linked.push(needs ? withPlace(part, slot, linked, intents, rules) : part);
  }
  return linked;
};

const withPlace = (
  part: IntentPart,
  slot: string,
  earlier: readonly IntentPart[],
  intents: ReadonlyMap<string, IntentRow>,
  rules: readonly ChainRule[],
): IntentPart => {
  const isPointing = pointer.test(foldText(part.text));
  for (let index = earlier.length - 1; index >= 0; index -= 1) {
    const from = earlier[index]!;
    const placeSlot = intents
      .get(from.name)
      ?.slots.find(({ recogniser }) => recogniser === "place" || recogniser === "airport")?.name;
    const place = placeSlot === undefined ? undefined : from.slots[placeSlot];
    // "Weather in Kraków and news": news are not about Kraków unless that is said; the weather is always somewhere.
    if (place !== undefined && (isPointing || part.name === "weather"))
      return { ...part, slots: { ...part.slots, [slot]: place } };
    const rule = rules.find(
      (candidate) => candidate.from === from.name && candidate.to === part.name && candidate.slot === slot,
    );
    if (rule && (isPointing || from.slots.flight !== undefined)) {
      return { ...part, dependsOn: index, handOn: { from: rule.field, to: rule.slot } };
    }
  }
  return part;
};
