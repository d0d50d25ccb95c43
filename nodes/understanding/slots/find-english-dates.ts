import * as chrono from "chrono-node/en";
import { type FoundDates, findDates } from "./find-dates.ts";
import { dayOf, isoDay, offsetMinutes } from "./local-date.ts";
import type { SlotContext } from "./slot-recogniser.ts";

const longestText = 300;

/** English dates that the shared rules do not know ("three days ago", "the 5th", "11/25"), by chrono. */
const findWithChrono = (
  text: string,
  { timezone, now }: Pick<SlotContext, "timezone" | "now">,
): FoundDates | undefined => {
  const reference = { instant: now, timezone: offsetMinutes(timezone, now) };
  for (const { start, end, text: words } of chrono.casual.parse(text.slice(0, longestText), reference)) {
    // A bare "may", "sun" or "second" is rarely a date, and a clock time alone is not a day.
    if (words.length < 4 || !(start.isCertain("day") || start.isCertain("weekday"))) continue;
    const date = isoOf(start);
    const dateTo = end ? isoOf(end) : undefined;
    if (date) return dateTo && dateTo !== date ? { date, dateTo } : { date };
  }
  return undefined;
};

const isoOf = (components: ReturnType<typeof chrono.casual.parse>[number]["start"]): string | undefined => {
  const year = components.get("year");
  const month = components.get("month");
  const day = components.get("day");
  const found = year === null || month === null || day === null ? undefined : dayOf(year, month, day);
  return found && isoDay(found);
};

/** The day or span that a text speaks of, in any of the four languages. */
export const findAnyDates = (
  text: string,
  context: Pick<SlotContext, "timezone" | "now" | "locale">,
): FoundDates | undefined =>
  findDates(text, context) ??
  (context.locale.startsWith("en") && /\d|ago|day|week|month/i.test(text) ? findWithChrono(text, context) : undefined);
