import type { IntentRow } from "../../platform/config/registry.ts";
import { foldText } from "../../platform/language/normalise-text.ts";
import type { SlotValues } from "./fill-slots.ts";
import type { FoundDates } from "./slots/find-dates.ts";
import { findAnyDates } from "./slots/find-english-dates.ts";
import { flightRecogniser } from "./slots/recognise-airport.ts";
import { tickerRecogniser } from "./slots/recognise-company.ts";
import { resolvePlace } from "./slots/recognise-place.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";

const mostWords = 6;

// What may stand before an elliptic part; folded. The last group are Hebrew prefixes.
const openings =
  /^(?:(?:and|also|or|then|what about|how about|in|for|at|on|of|oraz|a co z|a|i|w|we|dla|na|z|co z|а що з|а|і|та|у|в|для|на|щодо|ומה עם|מה עם|גם)\s+)+/u;

/**
 * The slots of an elliptic part such as "in London" or "and on Sunday": the previous part's, with what these words name put
 * in. Undefined when the words are more than the name of a place, a day, a flight or a ticker that the intent has a slot for.
 */
export const inheritSlots = (
  text: string,
  row: IntentRow,
  previous: SlotValues,
  context: SlotContext,
): SlotValues | undefined => {
  const words = text.trim().replace(/[?!.,;]+$/, "");
  if (words.split(/\s+/).length > mostWords) return undefined;
  const opening = openings.exec(foldText(words))?.[0].length ?? 0;
  const bare = words.slice(opening).trim();
  const slotOf = (recogniser: string) => row.slots.find((slot) => slot.recogniser === recogniser)?.name;
  const placeSlot = slotOf("place") ?? slotOf("airport");
  const codes = [
    [slotOf("flight"), flightRecogniser.whole(bare, context), 1],
    [slotOf("ticker"), tickerRecogniser.whole(bare, context), 1],
  ] as const;
  for (const [slot, value] of codes) {
    const isAll = typeof value === "string" && bare.replace(/[\s$-]/g, "").toUpperCase() === value;
    if (slot !== undefined && isAll && previous[slot] !== undefined) return { ...previous, [slot]: value };
  }
  const dates = findAnyDates(bare, context);
  const dateSlot = slotOf("date");
  const dateValues =
    dates && dateSlot !== undefined ? withDates(previous, dates, dateSlot, slotOf("date_to")) : previous;
  if (placeSlot !== undefined && previous[placeSlot] !== undefined) {
    const place =
      resolvePlace(bare, context) ??
      resolvePlace(words, context) ??
      (dates ? placeBesideDate(bare, context) : undefined);
    if (place !== undefined) return { ...dateValues, [placeSlot]: place };
  }
  // "and on Sunday": nothing but a day.
  const isOnlyDay =
    dates !== undefined && bare.split(/\s+/).length <= 2 && context.gazetteer.find(bare, context.locale).length === 0;
  return isOnlyDay && dateSlot !== undefined ? dateValues : undefined;
};

/** A new day replaces the old one and the end of its span. */
const withDates = (
  previous: SlotValues,
  dates: FoundDates,
  dateSlot: string,
  toSlot: string | undefined,
): SlotValues => {
  const kept = Object.fromEntries(Object.entries(previous).filter(([name]) => name !== dateSlot && name !== toSlot));
  return {
    ...kept,
    [dateSlot]: dates.date,
    ...(toSlot !== undefined && dates.dateTo !== undefined ? { [toSlot]: dates.dateTo } : {}),
  };
};

const placeBesideDate = (words: string, context: SlotContext): string | undefined => {
  const found = context.gazetteer.find(words, context.locale)[0];
  if (!found) return undefined;
  const rest = words.replace(found.matched, " ").trim();
  return rest.split(/\s+/).length <= 3 && findAnyDates(rest, context)
    ? resolvePlace(found.matched, context)
    : undefined;
};
