import type { EgressPermit } from "../../platform/egress/egress.ts";
import { estimateTokens } from "../../platform/models/estimate-usage.ts";
import type { IntentPart } from "../understanding/understood-query.ts";

/** Slots whose values are everybody's: places, dates, names of things that timetables and exchanges list. */
const publicSlots = new Set([
  "place",
  "date",
  "airport",
  "airline",
  "flight",
  "aspect",
  "team",
  "league",
  "sport",
  "ticker",
  "company",
  "currency",
  "unit",
  "from_unit",
  "to_unit",
  "genre",
  "category",
  "service",
  "timezone",
]);
/** Longest value of a slot that is a name of something public and not a sentence. */
const longestValue = 60;
/** Longest description of a query that leaves. */
export const mostFeatureTokens = 100;

const shown = (value: unknown): string | undefined => {
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value !== "" && value.length <= longestValue) return value;
  return undefined;
};

/** At most so many tokens of a text, whole words only. */
export const withinTokens = (text: string, most: number): string => {
  if (estimateTokens(text.length) <= most) return text;
  let cut = text;
  while (cut !== "" && estimateTokens(cut.length) > most) cut = cut.slice(0, Math.max(0, cut.lastIndexOf(" ")));
  return cut;
};

/**
 * What may be told of a query in class `generalised`: its language, its intents, and the values of public slots that no
 * recogniser finds an identifier in. Never a word of the sentence itself; at most 100 tokens.
 * @throws {AppError} EGRESS_BLOCKED when the values cannot be checked.
 */
export const queryFeatures = async (
  parts: readonly IntentPart[],
  locale: string,
  permit: EgressPermit,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const candidates = parts.map(({ name, slots }) => ({
    name,
    values: Object.entries(slots).flatMap(([slot, value]) => {
      const text = publicSlots.has(slot) ? shown(value) : undefined;
      return text === undefined ? [] : [{ slot, text }];
    }),
  }));
  await permit.prepare(
    candidates.flatMap(({ values }) => values.map(({ text }) => text)),
    signal,
  );
  const lines = candidates.map(({ name, values }) => {
    const kept = values.filter(({ text }) => permit.conceal(text) === text);
    const told = kept.map(({ slot, text }) => `${slot} ${text}`).join(", ");
    return told === "" ? name : `${name} (${told})`;
  });
  return withinTokens(`Language: ${locale}. The user asks for: ${lines.join("; ") || "chat"}.`, mostFeatureTokens);
};
