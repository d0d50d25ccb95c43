import { monthNamed, weekdayAt } from "./calendar-words.ts";
import { tokensOf } from "./tokens.ts";

/** Whether a word alone names a month or a day of the week; Hebrew days are ordinals behind "day". */
export const isCalendarWord = (lower: string): boolean =>
  /^[בלמהו]?(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת)$/.test(lower) ||
  monthNamed(lower) !== undefined ||
  weekdayAt(tokensOf(lower), 0) !== undefined;
