import type { IntentRow } from "../../platform/config/registry.ts";
import { foldText } from "../../platform/language/normalise-text.ts";
import type { SlotValues } from "./fill-slots.ts";
import { slotRecognisers } from "./slot-recognisers.ts";
import type { FoundDates } from "./slots/find-dates.ts";
import { findAnyDates } from "./slots/find-english-dates.ts";
import { airportRecogniser, flightRecogniser } from "./slots/recognise-airport.ts";
import { tickerRecogniser } from "./slots/recognise-company.ts";
import { leagueRecogniser } from "./slots/recognise-league.ts";
import { resolvePlace } from "./slots/recognise-place.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";

const mostWords = 6;
const mostNameWords = 4;

// What may stand before an elliptic part; folded. The last group are Hebrew prefixes.
const asking =
  "what about|how about|and for|and about|a co z|co z|jak z|а що з|що з|а як щодо|щодо|ומה עם|ומה לגבי|מה עם|מה לגבי";
const placing = "in|for|at|on|of|about|by|from|to|w|we|dla|na|z|ze|o|od|do|у|в|для|на|про|за|від|до|על|של|עם|עבור";
const joining = "and|also|or|then|oraz|a|i|lub|albo|і|й|та|а|або|גם";
const openings = new RegExp(`^(?:(?:${asking}|${placing}|${joining})\\s+)+`, "u");
const asked = new RegExp(`^(?:(?:${joining})\\s+)*(?:${asking})\\s`, "u");
const placed = new RegExp(`^(?:(?:${joining})\\s+)*(?:${placing})\\s`, "u");

/** Slots that are filled by free words; each replaces what the others in its group name. */
const named = [
  { recogniser: "team", replaces: ["league"] },
  { recogniser: "title", replaces: [] },
  { recogniser: "topic", replaces: ["place"] },
  { recogniser: "company", replaces: ["ticker"] },
  { recogniser: "event_query", replaces: [] },
  { recogniser: "query", replaces: [] },
  { recogniser: "service", replaces: ["host"] },
] as const;

/** What is inherited from: the part before, by its words and its slots. */
export interface Inherited {
  readonly text: string;
  readonly slots: SlotValues;
}

/**
 * The slots of an elliptic part such as "in London", "and on Sunday" or "what about Chelsea": the previous part's, with what
 * these words name put in. Undefined when the words are more than the name of a place, a day, a flight, a ticker, a league,
 * or of a team, title, topic, company that cannot belong to the name before it.
 */
export const inheritSlots = (
  text: string,
  row: IntentRow,
  previous: Inherited,
  context: SlotContext,
): SlotValues | undefined => {
  const words = text.trim().replace(/[?!.,;]+$/, "");
  if (words.split(/\s+/).length > mostWords) return undefined;
  const opening = openings.exec(foldText(words))?.[0].length ?? 0;
  const bare = words.slice(opening).trim();
  if (bare === "") return undefined;
  const ellipsis: Ellipsis = { words, bare, row, previous, context };
  return byCode(ellipsis) ?? byPlaceOrDay(ellipsis) ?? byLeague(ellipsis) ?? byName(ellipsis);
};

interface Ellipsis {
  /** The whole part, and without the words that open it. */
  readonly words: string;
  readonly bare: string;
  readonly row: IntentRow;
  readonly previous: Inherited;
  readonly context: SlotContext;
}

const slotOf = (row: IntentRow, recogniser: string): string | undefined =>
  row.slots.find((slot) => slot.recogniser === recogniser)?.name;

/** The slots without those that the recognisers fill. */
const without = (slots: SlotValues, row: IntentRow, recognisers: readonly string[]): SlotValues => {
  const names = recognisers.map((recogniser) => slotOf(row, recogniser));
  return Object.fromEntries(Object.entries(slots).filter(([name]) => !names.includes(name)));
};

const byCode = ({ bare, row, previous: { slots }, context }: Ellipsis): SlotValues | undefined => {
  const codes = [
    ["flight", flightRecogniser.whole(bare, context), []],
    ["airport", airportRecogniser.whole(bare, context), []],
    ["ticker", tickerRecogniser.whole(bare, context), ["company"]],
  ] as const;
  for (const [recogniser, value, replaced] of codes) {
    const slot = slotOf(row, recogniser);
    const isAll = typeof value === "string" && bare.replace(/[\s$-]/g, "").toUpperCase() === value;
    const others = replaced.map((other) => slotOf(row, other));
    const isKnown =
      slot !== undefined && [slot, ...others].some((name) => name !== undefined && slots[name] !== undefined);
    if (slot !== undefined && isAll && isKnown) return { ...without(slots, row, replaced), [slot]: value };
  }
  return undefined;
};

const byPlaceOrDay = ({ words, bare, row, previous: { slots }, context }: Ellipsis): SlotValues | undefined => {
  const placeSlot = slotOf(row, "place") ?? slotOf(row, "airport");
  const dates = findAnyDates(bare, context);
  const dateSlot = slotOf(row, "date");
  const dateValues =
    dates && dateSlot !== undefined ? withDates(slots, dates, dateSlot, slotOf(row, "date_to")) : slots;
  if (placeSlot !== undefined && slots[placeSlot] !== undefined) {
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

const byLeague = ({ bare, row, previous: { slots }, context }: Ellipsis): SlotValues | undefined => {
  const slot = slotOf(row, "league");
  if (slot === undefined || slots[slot] === undefined || bare.split(/\s+/).length > mostNameWords) return undefined;
  const league = leagueRecogniser.whole(bare, context);
  return league === undefined ? undefined : { ...slots, [slot]: league };
};

// "News about Tesla and SpaceX" is about both: free words count as another name only where they say so ("what about"), take
// up the preposition again ("about A and about B"), or where other words stand between the names ("Apple shares and Tesla").
const byName = ({ words, bare, row, previous, context }: Ellipsis): SlotValues | undefined => {
  const given = bare.split(/\s+/);
  if (given.length > mostNameWords) return undefined;
  for (const { recogniser, replaces } of named) {
    const slot = slotOf(row, recogniser);
    const own = slot === undefined ? undefined : previous.slots[slot];
    // A code that went before is never the beginning of a name.
    const code = replaces.map((other) => previous.slots[slotOf(row, other) ?? ""]).find((value) => value !== undefined);
    const before = own ?? code;
    if (slot === undefined || typeof before !== "string") continue;
    const folded = foldText(words);
    const earlier = foldText(previous.text).replace(/[?!.,;]+$/, "");
    const isApart =
      (own === undefined || !earlier.endsWith(foldText(before))) && /^[\p{Lu}\p{N}]/u.test(bare) && given.length <= 3;
    if (!asked.test(folded) && !placed.test(folded) && !isApart) continue;
    const value = slotRecognisers.get(recogniser)?.find(bare, context);
    if (typeof value === "string" && foldText(value) === foldText(bare))
      return { ...without(previous.slots, row, replaces), [slot]: bare };
  }
  return undefined;
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
