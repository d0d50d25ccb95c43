import { slotError } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { formatDay, isoDay } from "../render-text.ts";
import { addDays, dayOfSlot } from "../zoned-time.ts";
import type { WeatherSlots } from "./slots.ts";

/** Days on the place's calendar, inclusive. */
export interface AskedDays {
  readonly from: string;
  readonly to: string;
  /** Whether the weather now answers it as well: today and no other day. */
  readonly current: boolean;
  /** Whether days were asked for that lie in the past or beyond the forecast. */
  readonly cut: boolean;
}

/**
 * The days that the slots mean; without any: today.
 * @throws {AppError} INVALID_INPUT for days in the past, in the wrong order, or all beyond the forecast.
 */
export const askedDays = (
  { date, dateTo }: WeatherSlots,
  timezone: string,
  horizonDays: number,
  { now, locale }: Pick<ServiceContext, "now" | "locale">,
): AskedDays => {
  const today = isoDay(now, timezone);
  const last = addDays(today, horizonDays - 1);
  const from = dayOfSlot(date ?? today, timezone) ?? today;
  const to = dayOfSlot(dateTo ?? from, timezone) ?? from;
  if (to < from) {
    throw slotError("dateTo", locale, {
      en: "The last day lies before the first one.",
      pl: "Ostatni dzień jest wcześniejszy niż pierwszy.",
    });
  }
  if (to < today) {
    throw slotError("date", locale, {
      en: "I know the weather now and the forecast, not the weather of past days.",
      pl: "Znam pogodę teraz i prognozę, ale nie pogodę z minionych dni.",
    });
  }
  if (from > last) {
    throw slotError("date", locale, {
      en: `Forecasts reach ${horizonDays} days ahead, to ${formatDay(last, locale)}; there is none for ${formatDay(from, locale)} yet.`,
      pl: `Prognozy sięgają ${horizonDays} dni naprzód (${formatDay(last, locale)}); na dzień ${formatDay(from, locale)} jeszcze jej nie ma.`,
    });
  }
  const startsEarly = from < today;
  const endsLate = to > last;
  return {
    from: startsEarly ? today : from,
    to: endsLate ? last : to,
    current: from <= today && to === today,
    cut: startsEarly || endsLate,
  };
};
